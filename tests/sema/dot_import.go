// errorcheck

package p

import . "strings"
import . "sort" // ERROR ".sort. imported and not used"

func Repeat() {} // ERROR "Repeat already declared through dot-import of package strings"

var _ = ToUpper("x")
var _ = toUpper // ERROR "undefined: toUpper"
