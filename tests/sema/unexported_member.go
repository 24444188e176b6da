// errorcheck

package p

import "strings"

var _ strings.Builder
var _ = strings.explode    // ERROR "undefined: strings.explode \(name explode not exported by package strings\)"
var _ = strings.Explosions // ERROR "undefined: strings.Explosions$"
