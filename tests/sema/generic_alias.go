// errorcheck

package p

type A[P any] = []P // ERROR "generic type alias requires GOEXPERIMENT=aliastypeparams"
