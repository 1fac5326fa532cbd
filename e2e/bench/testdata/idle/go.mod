module example.org/idle

go 1.21
