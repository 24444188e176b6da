// run

// A write to standard output whose reader is gone ends the program by SIGPIPE, unless the program is told of the signal.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func child(told bool) {
	if told {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	}
	if _, err := os.Stdout.Write([]byte("x")); err != nil {
		os.Exit(7)
	}
}

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1] == "told")
		return
	}
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	r.Close()
	for _, arg := range []string{"ignorant", "told"} {
		cmd := exec.Command("/proc/self/exe", arg)
		cmd.Stdout = w
		fmt.Println(arg, cmd.Run())
	}
}

// Output:
// ignorant signal: broken pipe
// told exit status 7
