package exchange

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Judge plays a list of operations and tells what they did.
func Judge(name string, args []string) string {
	switch name {
	case "buffer":
		return judgeBuffer(args)
	case "body":
		return judgeBody(args)
	case "answer":
		return judgeAnswer(args)
	case "stream":
		return judgeStream(args)
	}
	return "no function " + name
}

// judgeBuffer adds pieces of ten times the given sizes to two buffers in turn,
// which share one budget; what is negative drops one.
func judgeBuffer(args []string) string {
	shared := newBudget(5000)
	buffers := []*buffer{{max: 7000, budget: shared}, {max: 8000, budget: shared}}
	told := ""
	for i, arg := range args {
		size, _ := strconv.Atoi(arg)
		b := buffers[i%2]
		if size < 0 {
			drop(b)
		} else {
			added := addTo(b, make([]byte, 10*size), i%3*1000)
			told += strconv.FormatBool(added)
		}
		told += fmt.Sprint(" ", len(b.data), " ", cap(b.data), " ", shared.free, "; ")
	}
	return told
}

// judgeBody reads a request's body in pieces of the given sizes.
func judgeBody(args []string) string {
	b := newBody(io.NopCloser(strings.NewReader(args[0])))
	told := ""
	for _, arg := range args[1:] {
		size, _ := strconv.Atoi(arg)
		piece := make([]byte, size)
		n, err := b.Read(piece)
		told += fmt.Sprintf("%d %t %q; ", n, errors.Is(err, io.EOF), piece[:n])
	}
	return told + fmt.Sprintf("%q %q %v", takeRequest(b), takeRequest(b), b.Close())
}

// judgeAnswer lets a handler do what the words say, and tells what the client
// and the plugin saw.
func judgeAnswer(args []string) string {
	client := &judgedWriter{header: http.Header{}}
	seen := &judgedSeen{}
	a := newAnswer(client, nil, seen.see)
	judgedWrites(a, client, args)
	finishAnswer(a, false)
	return client.told + fmt.Sprintf("at the end %v; %s", client.header, seen.told)
}

// judgeStream does the same without holding anything; two of the words say that
// the first piece is seen by itself, and that it is enough.
func judgeStream(args []string) string {
	client := &judgedWriter{header: http.Header{}}
	seen := &judgedSeen{}
	early := false
	for _, arg := range args {
		switch arg {
		case "early":
			early = true
		case "enough":
			seen.enough = true
		}
	}
	s := newStream(client, nil, early, seen.see)
	judgedWrites(s, client, args)
	kept := len(s.kept.data)
	finishStream(s)
	return client.told + fmt.Sprintf("at the end %v, kept %d; %s", client.header, kept, seen.told)
}

func judgedWrites(a http.ResponseWriter, client *judgedWriter, args []string) {
	for _, arg := range args {
		word, rest, _ := strings.Cut(arg, " ")
		switch word {
		case "header":
			a.Header().Set(rest, "value of "+rest)
		case "remove":
			a.Header().Del(rest)
		case "status":
			status, _ := strconv.Atoi(rest)
			a.WriteHeader(status)
		case "write":
			n, err := a.Write([]byte(rest))
			client.told += fmt.Sprint("wrote ", n, err, "; ")
		case "large":
			size, _ := strconv.Atoi(rest)
			n, err := a.Write(make([]byte, size))
			client.told += fmt.Sprint("wrote ", n, err, "; ")
		}
	}
}

type judgedSeen struct {
	enough bool
	told   string
}

func (s *judgedSeen) see(seen *Seen) bool {
	s.told += fmt.Sprintf("seen %d %q %q %d early %t long %t; ", seen.Status, seen.ContentType, seen.ContentEncoding, len(seen.Answer), seen.Early, seen.Long)
	return s.enough
}

type judgedWriter struct {
	header http.Header
	told   string
}

func (w *judgedWriter) Header() http.Header { return w.header }

func (w *judgedWriter) WriteHeader(status int) {
	w.told += fmt.Sprintf("status %d %v; ", status, w.header)
}

func (w *judgedWriter) Write(p []byte) (int, error) {
	size := len(p)
	w.told += fmt.Sprintf("got %d; ", size)
	return size, nil
}
