// run

// Type switches: concrete types, interfaces, nil, several types in a clause, type parameters.
package main

type I interface{ M() }

type A struct{ n int }

type B struct{}

type myerr struct{}

func (A) M() {}

func (*B) M() {}

func (myerr) Error() string { return "myerr" }

func types(x interface{}) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int:
		return "int" + string(rune('0'+v))
	case string, []byte:
		_ = v
		return "stringish"
	case error:
		return "error " + v.Error()
	case A:
		return "A" + string(rune('0'+v.n))
	case I:
		v.M()
		return "I"
	case func() string:
		return v()
	case interface{ Foo() }:
		return "Foo"
	case *int:
		*v++
		return "*int"
	case map[string]int:
		return "map" + string(rune('0'+v["a"]))
	case struct{ x, y int }:
		return "struct" + string(rune('0'+v.y))
	case [2]string:
		return v[1]
	default:
		if v == x {
			return "default"
		}
	}
	return "unreached"
}

func G[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case T:
		return "T"
	}
	return "none"
}

func H[T any](x any) string {
	switch v := x.(type) {
	case T:
		_ = v
		return "is T"
	case []T:
		return "is []T"
	case map[string]T:
		return "map"
	}
	return "no"
}

func main() {
	n := 1
	for _, x := range []interface{}{nil, 5, "x", []byte{1}, myerr{}, A{7}, &B{}, func() string { return "fn" }, &n, map[string]int{"a": 4}, struct{ x, y int }{1, 2}, [2]string{"p", "q"}, 1.5, uint(3)} {
		println(types(x))
	}
	println(n)
	println(G(1), G("x"), H[int](5), H[int]([]int{1}), H[string](5), H[bool](map[string]bool{}), H[error](myerr{}), H[any](5), H[any](nil))
}

/*
nil
int5
stringish
stringish
error myerr
A7
I
fn
*int
map4
struct2
q
default
default
2
int T is T is []T no map is T is T no
*/
