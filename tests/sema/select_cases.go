// errorcheck

package p

func f(c chan int, r <-chan int, s chan<- int) {
	var v int
	var ok bool
	select {
	case c <- 1:
	case v = <-c:
	case v, ok = <-r:
	case x := (<-r):
		_ = x
	case <-s: // ERROR "cannot receive from send-only channel"
	case r <- 1: // ERROR "cannot send to receive-only channel"
	case v > 0: // ERROR "select case must be receive, send or assign recv|select case must be send or receive"
	default:
	default: // ERROR "multiple defaults"
	}
	_, _ = v, ok
}
