// errorcheck

package p

func a() int {
} // ERROR "missing return"

func b(x bool) int {
	if x {
		return 1
	}
} // ERROR "missing return"

func c(x bool) int {
	if x {
		return 1
	} else {
		panic("no")
	}
}

func d() int {
	for {
	}
}

func e() int {
	for {
		break
	}
} // ERROR "missing return"

func f(i int) int {
	switch i {
	case 1:
		return 1
	default:
		return 2
	}
}

func g(i int) int {
	switch i {
	case 1:
		return 1
	}
} // ERROR "missing return"

func h(c chan int) int {
	select {
	case <-c:
		return 1
	}
}

func k() int {
L:
	for {
		for {
			break L
		}
	}
} // ERROR "missing return"

func l() int {
	for range 10 {
	}
} // ERROR "missing return"

var _ = func() int {
} // ERROR "missing return"
