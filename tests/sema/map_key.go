// errorcheck

package p

type S struct{ f []int }

var (
	_ map[[]int]int   // ERROR "invalid map key type \[\]int"
	_ map[func()]int  // ERROR "invalid map key type func\(\)"
	_ map[S]int       // ERROR "invalid map key type S"
	_ map[any]int
	_ map[[2]string]int
)

func _[K any, C comparable]() {
	var _ map[K]int // ERROR "invalid map key type K \(missing comparable constraint\)"
	var _ map[C]int
}
