// errorcheck

package p

func f(b bool) {
L: // ERROR "label L defined and not used"
	for {
	}
M:
	for {
		break M
	}
M: // ERROR "label M already defined at .*labels.go:9:1"
	goto N // ERROR "label N not defined"
	goto M
}

func g() {
	goto L // ERROR "goto L jumps into block starting at .*labels.go:20:2"
	{
	L:
	}
	goto K // ERROR "goto K jumps over declaration of x at .*labels.go:24:4"
	x := 1
	_ = x
K:
}

func h() {
	break    // ERROR "break is not in a loop, switch, or select"
	continue // ERROR "continue is not in a loop"
L:
	if true {
		break L // ERROR "invalid break label L"
	}
S:
	switch {
	default:
		for {
			continue S // ERROR "invalid continue label S"
		}
		break S
	}
	break Q // ERROR "break label not defined: Q"
}
