// errorcheck

package p

import "fmt"
import fmt "os" // ERROR "fmt redeclared in this block" ".os. imported as fmt and not used"
import "strings" // ERROR ".strings. imported and not used"
import init "sort" // ERROR "cannot import package as init - init must be a func"
import "" // ERROR "invalid import path \(empty string\)"
import "a b" // ERROR "invalid import path \(invalid character"

func strings() {} // ERROR "strings already declared through import of package strings"

var _ = fmt.Sprint
var _ = fmt // ERROR "use of package fmt not in selector"
