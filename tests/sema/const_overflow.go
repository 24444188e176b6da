// errorcheck

// Constants are exact; a typed one must fit its type after every operation.

package p

const big = 1 << 100

var (
	_ uint8   = 256 // ERROR "cannot use 256 .untyped int constant. as uint8 value in variable declaration .overflows."
	_ int     = 1.5 // ERROR "cannot use 1.5 .untyped float constant. as int value in variable declaration .truncated."
	_ int     = 'a' + 0.0
	_ float32 = 1e39           // ERROR "overflows"
	_ int     = "a"            // ERROR "cannot use .a. .untyped string constant. as int value in variable declaration$"
	_         = byte(big)      // ERROR "constant 1267650600228229401496703205376 overflows byte"
	_         = int8(1.5)      // ERROR "cannot convert 1.5 .untyped float constant. to type int8"
	_         = uint8(255) + 1 // ERROR "uint8.255. . 1 .constant 256 of type uint8. overflows uint8"
	_         = -uint8(1)      // ERROR "overflows uint8"
	_         = ^uint8(1)
	_ int64   = big >> 40 >> 30
	_         = big // ERROR "cannot use big .untyped int constant 1267650600228229401496703205376. as int value in variable declaration .overflows."
	_         = int64(-1) << 63
	_         = int64(1) << 63 // ERROR "overflows int64"
)

const (
	_ = 1 << 1000                         // ERROR "constant shift overflow"
	_ = big * big * big * big * big * big // ERROR "constant multiplication overflow"
	_ = 1 / 0                             // ERROR "invalid operation: division by zero"
	_ = 1.0 / 0.0                         // ERROR "invalid operation: division by zero"
	_ = 5 % 0                             // ERROR "invalid operation: division by zero"
	_ = 1i / 0i                           // ERROR "invalid operation: division by zero"
	_ = 7 / 2 * 2.0
)

var _ [7 / 2 * 2]int = [6]int{}
var _ [7 / 2.0 * 2]int = [7]int{}

func _(x int, f float64) {
	_ = x / 0 // ERROR "invalid operation: division by zero"
	_ = f / 0
}
