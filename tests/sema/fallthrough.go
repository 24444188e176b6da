// errorcheck

package p

func f(i int, e any) {
	switch i {
	case 1:
		fallthrough
	case 2:
		if true {
			fallthrough // ERROR "fallthrough statement out of place"
		}
	case 3:
		fallthrough // ERROR "fallthrough statement out of place"
		i++
	case 4:
		fallthrough // ERROR "cannot fallthrough final case in switch"
	}
	switch e.(type) {
	case int:
		fallthrough // ERROR "cannot fallthrough in type switch"
	case string:
	}
	for {
		fallthrough // ERROR "fallthrough statement out of place"
	}
}
