// panic

package main

func main() {
	var f func()
	defer func() { println("recovered", recover() != nil) }()
	go f()
}

/*
fatal error: go of nil func value
goroutine 1 [running]:
main.main(
*/
