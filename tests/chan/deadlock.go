// panic

// Nobody is left who could wake main: each goroutine is listed with what it waits for.
package main

func main() {
	c, d := make(chan int), make(chan int)
	var none chan int
	ready := make(chan bool)
	go func() { ready <- true; c <- 1 }()
	go func() {
		ready <- true
		select {
		case <-d:
		case d <- 1:
		}
	}()
	go func() { ready <- true; <-none }()
	go func() { ready <- true; none <- 1 }()
	go func() { ready <- true; select {} }()
	for i := 0; i < 5; i++ {
		<-ready
	}
	<-make(chan int)
}

/*
fatal error: all goroutines are asleep - deadlock!
goroutine 1 [chan receive]:
main.main(
[chan send]:
[select]:
[chan receive (nil chan)]:
[chan send (nil chan)]:
[select (no cases)]:
main.main.func1(
created by main.main in goroutine 1
*/
