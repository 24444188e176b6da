// errorcheck

//go:build go1.21

// The line above makes this file's language go1.21.

package p

func f() {
	for i := range 10 { // ERROR "cannot range over 10 .*: requires go1.22 or later"
		_ = i
	}
}
