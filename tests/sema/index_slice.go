// errorcheck

// Indices: their types and constant bounds.

package p

type M map[string]int

func f() [3]int { return [3]int{} }

func _(a [3]int, p *[3]int, s []int, str string, m M, i int, f64 float64, u8 uint8, pp **[3]int) {
	_ = a[2]
	_ = a[3]  // ERROR "invalid argument: index 3 out of bounds \[0:3\]"
	_ = p[3]  // ERROR "invalid argument: index 3 out of bounds \[0:3\]"
	_ = s[-1] // ERROR "invalid argument: index -1 .constant of type int. must not be negative"
	_ = s[1.0]
	_ = s[1.5] // ERROR "1.5 .untyped float constant. truncated to int"
	_ = s[f64] // ERROR "invalid argument: index f64 .variable of type float64. must be integer"
	_ = s[u8]
	_ = s["a"]   // ERROR "must be integer|cannot convert"
	_ = "abc"[3] // ERROR "invalid argument: index 3 out of bounds \[0:3\]"
	_ = str[1<<62]
	_ = m["a"]
	_ = m[1]  // ERROR "cannot use 1 .untyped int constant. as string value in map index"
	_ = i[0]  // ERROR "invalid operation: cannot index i .variable of type int."
	_ = pp[0] // ERROR "invalid operation: cannot index pp"
	_ = a[1:2]
	_ = a[2:1]     // ERROR "invalid slice indices: 1 < 2"
	_ = a[:4]      // ERROR "invalid argument: index 4 out of bounds \[0:4\]"
	_ = str[1:2:3] // ERROR "invalid operation: 3-index slice of string"
	_ = s[i:1:2]
	_ = m[1:2] // ERROR "cannot slice m"
	_ = i[:]   // ERROR "cannot slice i"
	str[0] = 1 // ERROR "cannot assign to str\[0\] .neither addressable nor a map index expression."
	m["a"]++
	m["a"], i = 1, 2
}

func _() {
	_ = f()[1]
	_ = f()[1:] // ERROR "invalid operation: f.. .value of type \[3\]int. .slice of unaddressable value."
	f()[0] = 1  // ERROR "cannot assign to f..\[0\]"
	_ = []int{1}[:]
	_ = [1]int{1}[:] // ERROR "slice of unaddressable value"
	_ = (&[1]int{1})[:]
}

func _[S ~[4]E | ~[]E, T ~string | ~[]byte, N ~[]int | ~map[int]int, E any](s S, t T, n N) {
	var _ E = s[3]
	_ = s[4] // ERROR "index 4 out of bounds"
	var _ byte = t[0]
	_ = t[1:]
	_ = n[0] // ERROR "cannot index n"
}
