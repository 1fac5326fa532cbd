package noplugin

func New() int { return 1 }
