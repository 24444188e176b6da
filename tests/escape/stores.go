// run

// Addresses that are stored where they live longer: globals, maps, interfaces, slices, other objects, closures.

package main

type T struct {
	p    *int
	next *T
}

type I interface{ get() int }

func (t T) get() int   { return *t.p }
func (t *T) set(p *int) { t.p = p }

var (
	global *int
	byName = map[string]*int{}
	byPtr  = map[*int]int{}
	any1   any
	iface  I
	list   []*int
	array  [2]*int
	nested [][]*int
	fn     func() int
	holder T
)

//go:noinline
func clobber(n int) int {
	var a [64]int
	for i := range a {
		a[i] = -n - i
	}
	if n > 0 {
		return clobber(n-1) + a[n%64]
	}
	return a[0]
}

//go:noinline
func toGlobal() { x := 1; global = &x }

//go:noinline
func toMap() { x := 2; byName["a"] = &x }

//go:noinline
func toKey() { x := 3; byPtr[&x] = 3 }

//go:noinline
func toAny() { x := [3]int{4, 5, 6}; any1 = x[1:] }

//go:noinline
func toIface() { x := 7; iface = T{p: &x} }

//go:noinline
func toAppend() { x, y := 8, 9; list = append(list, &x, &y) }

//go:noinline
func toArray(i int) { x := 10; array[i] = &x }

//go:noinline
func toNested() {
	x := 11
	row := make([]*int, 2)
	row[1] = &x
	nested = append(nested, row)
}

//go:noinline
func toFunc() {
	x := 12
	fn = func() int { x++; return x }
}

//go:noinline
func toMethod() { x := 20; holder.set(&x) }

//go:noinline
func toMethodValue() func() int {
	x := 21
	t := T{p: &x}
	return t.get
}

//go:noinline
func toPointerMethodValue() func(*int) {
	t := &T{}
	f := t.set
	x := 22
	f(&x)
	global2 = t
	return f
}

var global2 *T

//go:noinline
func store(dst **int, src *int) { *dst = src }

//go:noinline
func throughParam(dst **int) { x := 23; store(dst, &x) }

//go:noinline
func toList(t *T) { x := 24; t.next = &T{p: &x} }

//go:noinline
func copied(dst []*int) { x := 25; src := []*int{&x}; copy(dst, src) }

//go:noinline
func spread(dst []*int) []*int { x := 26; src := []*int{&x}; return append(dst, src...) }

//go:noinline
func assertion() *int {
	x := 27
	var a any = &x
	return a.(*int)
}

//go:noinline
func boxed() any { x := 28; y := any(x); return any(&y) }

func variadic(ps ...*int) []*int { return ps }

//go:noinline
func viaVariadic() []*int { x, y := 29, 30; return variadic(&x, &y) }

//go:noinline
func structCopy() T {
	x := 31
	t := T{p: &x}
	u := t
	v := [1]T{u}
	return v[0]
}

func main() {
	toGlobal()
	toMap()
	toKey()
	toAny()
	toIface()
	toAppend()
	toArray(1)
	toNested()
	toFunc()
	toMethod()
	mv := toMethodValue()
	pmv := toPointerMethodValue()
	var viaParam *int
	throughParam(&viaParam)
	var t T
	toList(&t)
	dst := make([]*int, 1)
	copied(dst)
	dst = spread(dst)
	as, bx, vv, sc := assertion(), boxed(), viaVariadic(), structCopy()
	clobber(200)
	for k, v := range byPtr {
		println(*global, *byName["a"], *k, v)
	}
	println(any1.([]int)[0], iface.get(), *list[0], *list[1], *array[1], *nested[0][1], fn(), *holder.p)
	println(mv(), *global2.p, *viaParam, *t.next.p, *dst[0], *dst[1])
	println(*as, (*bx.(*any)).(int), *vv[0], *vv[1], *sc.p)
	y := 40
	pmv(&y)
	println(*global2.p)
}

// Output:
// 1 2 3 3
// 5 7 8 9 10 11 13 20
// 21 22 23 24 25 26
// 27 28 29 30 31
// 40
