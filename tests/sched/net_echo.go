// run

// Sockets, deadlines and pipes wait in the network poller.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	}()
	var wg sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				fmt.Println(err)
				return
			}
			buf := make([]byte, 100)
			for j := 0; j < 200; j++ {
				s := fmt.Sprintf("hello %d %d", i, j)
				c.Write([]byte(s))
				n, err := io.ReadFull(c, buf[:len(s)])
				if err != nil || string(buf[:n]) != s {
					fmt.Println("bad", err, string(buf[:n]))
					return
				}
			}
			c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			_, err = c.Read(buf)
			if ne, ok := err.(net.Error); !ok || !ne.Timeout() {
				fmt.Println("no timeout", err)
			}
			c.Close()
		}()
	}
	wg.Wait()
	l.Close()
	r, w, _ := os.Pipe()
	go func() { time.Sleep(5 * time.Millisecond); w.Write([]byte("pipe")); w.Close() }()
	b, err := io.ReadAll(r)
	fmt.Println(string(b), err)
	fmt.Println("done")
}

// Output:
// pipe <nil>
// done
