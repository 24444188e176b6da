// errorcheck

package p

func f(i int, s string, e any, b []int) {
	switch i {
	case 1, 2:
	case 2: // ERROR "duplicate case 2 .*in expression switch\n\t.*:7:10: previous case"
	case "x": // ERROR "cannot convert|mismatched types|invalid case"
	default:
	default: // ERROR "multiple defaults|multiple defaults in switch"
	}
	switch s {
	case "a", "a": // ERROR "duplicate case .a. .*in expression switch"
	}
	switch e {
	case 1, int8(1), "1":
	case 1: // ERROR "duplicate case 1 .*in expression switch"
	}
	switch {
	case i > 1:
	case s: // ERROR "invalid case s in switch on true \(mismatched types string and bool\)"
	}
	switch b {
	case nil:
	}
	switch f { // a func compares with nil only
	case nil:
	}
}
