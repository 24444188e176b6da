// errorcheck

// The left operand of a non-constant shift takes the type it would have alone.

package p

func _(s uint, i int, f float64, b bool) {
	var _ = 1 << s
	var _ int64 = 1 << s
	var _ float64 = 1 << s // ERROR "invalid operation: shifted operand 1 .type float64. must be integer"
	var _ = 1.0 << s       // ERROR "invalid operation: shifted operand 1.0 .type float64. must be integer"
	var _ int = 1.0 << s
	var _ = 1.5 << 1        // ERROR "invalid operation: shifted operand 1.5 .untyped float constant. must be integer"
	var _ = float32(1 << s) // ERROR "must be integer"
	var _ = uint64(1<<s) + 1<<s
	var _ interface{} = 1 << s
	var _ = 1<<s == 2<<s
	var _ = 1<<s == 1.0 // ERROR "must be integer"
	var _ = make([]int, 1<<s)
	var _ = []int{1 << s: 1} // ERROR "must be integer constant"
	_ = f << 1               // ERROR "invalid operation: shifted operand f .variable of type float64. must be integer"
	_ = i << -1              // ERROR "invalid operation: negative shift count -1"
	_ = i << 1.5             // ERROR "truncated"
	_ = i << 2.0
	_ = i << f    // ERROR "invalid operation: shift count f .variable of type float64. must be integer"
	_ = 1 << 5000 // ERROR "invalid operation: invalid shift count 5000"
	_ = b << 1    // ERROR "shifted operand b"
	_ = i << i
	i <<= s
	i >>= f      // ERROR "must be integer"
	_ = "a" << 1 // ERROR "shifted operand"
}
