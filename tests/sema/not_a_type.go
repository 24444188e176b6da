// errorcheck

package p

import "fmt"

var v int

var (
	_ v         // ERROR "v is not a type"
	_ fmt.Print // ERROR "fmt.Print is not a type|not a type"
	_ undefined // ERROR "undefined: undefined"
	_ fmt       // ERROR "fmt is not a type|use of package fmt"
	_ *v        // ERROR "v is not a type"
)
