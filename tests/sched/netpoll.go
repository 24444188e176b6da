// run

// Sockets and pipes wait in the network poller: many at a time, with deadlines, and give up when they are closed.
package main

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

func socketPair() (*os.File, *os.File) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		panic(err)
	}
	return os.NewFile(uintptr(fds[0]), "left"), os.NewFile(uintptr(fds[1]), "right")
}

func echo(f *os.File) {
	io.Copy(f, f)
	f.Close()
}

// client sends n messages and counts those that come back as they were.
func client(f *os.File, id, n int, done chan int) {
	good := 0
	buf := make([]byte, 8)
	for i := 0; i < n; i++ {
		msg := []byte{'m', byte(id), byte(i), byte(i >> 8)}
		f.Write(msg)
		if _, err := io.ReadFull(f, buf[:len(msg)]); err == nil && string(buf[:len(msg)]) == string(msg) {
			good++
		}
	}
	f.Close()
	done <- good
}

func main() {
	const clients, messages = 50, 100
	done := make(chan int)
	for i := 0; i < clients; i++ {
		a, b := socketPair()
		go echo(a)
		go client(b, i, messages, done)
	}
	sum := 0
	for i := 0; i < clients; i++ {
		sum += <-done
	}
	println(sum)

	a, b := socketPair()
	buf := make([]byte, 10)
	a.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	_, err := a.Read(buf)
	println(errors.Is(err, os.ErrDeadlineExceeded))
	a.SetReadDeadline(time.Time{})
	go func() {
		time.Sleep(5 * time.Millisecond)
		b.Write([]byte("late"))
	}()
	n, err := a.Read(buf)
	println(string(buf[:n]), err == nil)

	go func() {
		time.Sleep(5 * time.Millisecond)
		a.Close()
	}()
	_, err = a.Read(buf)
	println(errors.Is(err, os.ErrClosed))
	_, err = b.Read(buf)
	println(err == io.EOF)

	r, w, _ := os.Pipe()
	go func() {
		for i := 0; i < 1000; i++ {
			w.Write(make([]byte, 1000))
		}
		w.Close()
	}()
	all, err := io.ReadAll(r)
	println(len(all), err == nil)
}

// Output:
// 5000
// true
// late true
// true
// true
// 1000000 true
