package varorder

var inFile = 3
