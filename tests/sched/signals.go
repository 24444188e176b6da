// run

// os/signal: signals reach the program, can be ignored, and do what they did before after Stop.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func send(sig syscall.Signal) { syscall.Kill(os.Getpid(), sig) }

func main() {
	c := make(chan os.Signal, 4)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGTERM, syscall.SIGQUIT)
	for _, sig := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGTERM, syscall.SIGQUIT} {
		send(sig)
		fmt.Println(<-c)
	}
	signal.Stop(c)
	signal.Ignore(syscall.SIGUSR1)
	fmt.Println(signal.Ignored(syscall.SIGUSR1), signal.Ignored(syscall.SIGUSR2))
	send(syscall.SIGUSR1)
	signal.Notify(c, syscall.SIGUSR2)
	send(syscall.SIGUSR2)
	fmt.Println(<-c)
	signal.Reset()
	select {
	case s := <-c:
		fmt.Println("unexpected", s)
	case <-time.After(10 * time.Millisecond):
	}
	r, w, _ := os.Pipe()
	r.Close()
	_, err := w.Write([]byte("x"))
	fmt.Println(err)
}

// Output:
// user defined signal 1
// terminated
// quit
// true false
// user defined signal 2
// write |1: broken pipe
