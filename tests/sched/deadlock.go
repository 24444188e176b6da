// panic

// All goroutines wait for each other: the program ends with a trace of each.
package main

func wait(c chan int) { c <- 1 }

func main() {
	go wait(make(chan int))
	select {}
}

// Output:
// fatal error: all goroutines are asleep - deadlock!
//
// goroutine 1 [select (no cases)]:
// main.main(...)
// [chan send]:
// main.wait(...)
// created by main.main in goroutine 1
