// run

// syscall.AllThreadsSyscall reaches all threads: running, blocked in system calls, asleep, and those that start meanwhile.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
)

const (
	getKeepCaps = 7
	setKeepCaps = 8
)

// keepCaps is what the kernel has for the calling thread.
func keepCaps() uintptr {
	v, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, getKeepCaps, 0, 0)
	if err != 0 {
		panic(err)
	}
	return v
}

// asker answers questions on a thread of its own.
func asker(questions <-chan uintptr, wrong chan<- int) {
	runtime.LockOSThread()
	n := 0
	for want := range questions {
		if keepCaps() != want {
			n++
		}
		wrong <- n
	}
}

func spin(stop *sync.WaitGroup, quit <-chan bool) {
	defer stop.Done()
	for n := 0; ; n++ {
		if n%100000 == 0 {
			select {
			case <-quit:
				return
			default:
			}
		}
	}
}

func main() {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	blocked := make(chan error)
	go func() { // in a system call all the time: not a file that the scheduler waits for
		var b [1]byte
		_, err := syscall.Read(int(r.Fd()), b[:])
		blocked <- err
	}()
	var spinners sync.WaitGroup
	quit := make(chan bool)
	for range 3 {
		spinners.Add(1)
		go spin(&spinners, quit)
	}
	questions, wrong := make(chan uintptr), make(chan int)
	total := 0
	for i := range 12 {
		go asker(questions, wrong) // each time another thread
		want := uintptr(i & 1)
		if _, _, err := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, setKeepCaps, want, 0); err != 0 {
			panic(err)
		}
		for range 2 * (i + 1) {
			questions <- want
			total += <-wrong
		}
	}
	close(quit)
	spinners.Wait()
	w.Write([]byte("x"))
	fmt.Println("wrong:", total, "read:", <-blocked)
	_, _, errno := syscall.AllThreadsSyscall6(syscall.SYS_PRCTL, setKeepCaps, 2, 0, 0, 0, 0)
	fmt.Println(errno)
	fmt.Println(syscall.Setgid(syscall.Getgid()))
}

/*
wrong: 0 read: <nil>
invalid argument
<nil>
*/
