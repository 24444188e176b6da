// errorcheck

package p

func _(c chan int, r <-chan int, s string, n int) {
	c <- 1
	c <- "x" // ERROR "cannot use .x. .* as int value in send"
	r <- 1   // ERROR "cannot send to receive-only channel r"
	n <- 1   // ERROR "cannot send to non-channel n"
	n++
	s++ // ERROR "invalid operation: s\+\+ \(non-numeric type string\)"
	5++ // ERROR "cannot assign to 5"
}
