// run

// Signals that the program did not ask for: some end it, the others are dropped; also when it asked for them once.

package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func send(sig syscall.Signal) {
	if err := syscall.Kill(os.Getpid(), sig); err != nil {
		panic(err)
	}
}

func main() {
	for _, sig := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGIO, syscall.SIGPIPE} {
		send(sig)
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	send(syscall.SIGUSR1)
	fmt.Println(<-c)
	signal.Stop(c)
	send(syscall.SIGUSR1)
	signal.Notify(c, syscall.SIGUSR2)
	send(syscall.SIGUSR2)
	fmt.Println(<-c)
	signal.Reset()
	send(syscall.SIGUSR2)
	fmt.Println(len(c))
}

// Output:
// user defined signal 1
// user defined signal 2
// 0
