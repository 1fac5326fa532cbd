package outbox

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// judgedAt is the time of every operation.
var judgedAt = time.Unix(1767225600, 0)

// Judge plays a list of operations on a queue and tells what they did.
func Judge(name string, args []string) string {
	if name != "Memory" {
		return "no function " + name
	}
	queue := NewMemory()
	told := ""
	for i, operation := range args {
		told += judgeOperation(queue, operation, strconv.Itoa(i))
	}
	return told
}

func judgeOperation(queue *Memory, operation, id string) string {
	told := operation
	next, _ := queue.Next(judgedAt)
	switch operation {
	case "add":
		err := queue.Add(&Notice{ID: id})
		told += fmt.Sprint(errors.Is(err, ErrFull))
	case "fill":
		for i := 0; i < MaxInMemory; i++ {
			err := queue.Add(&Notice{ID: id + "." + strconv.Itoa(i)})
			if err != nil {
				told += err.Error()
				break
			}
		}
	case "remove":
		queue.Remove(next)
	case "refuse":
		if next != nil {
			next.Refusals++
		}
	case "delay":
		if next != nil {
			next.NotBefore = judgedAt.Add(time.Duration(len(id)) * time.Minute)
		}
	}
	first, wait := queue.Next(judgedAt)
	if first == nil {
		return told + " none for " + wait.String() + ";"
	}
	return told + " " + first.ID + " of " + strconv.Itoa(queue.Len()) + ";"
}
