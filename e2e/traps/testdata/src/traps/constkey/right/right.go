package right

func Run() string { return names[Key] }

const Key string = "ab"

var names = map[string]string{"ab": "found"}
