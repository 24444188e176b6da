// run

// Operations on type parameters follow the type arguments: conversions, constants, methods, equality.
package main

type Num interface {
	~int8 | ~int | ~uint64 | ~float32 | ~float64
}
type MyInt int

func (m MyInt) String() string { return "MyInt" }
func (m *MyInt) Inc()          { *m++ }

func conv[T, U Num](x T) U                              { return U(x) / 2 }
func constant[T Num]() T                                { return 100 }
func at[T ~string | ~[]byte](x T, i int) (byte, string) { return x[i], string(x[i:]) }
func kind[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case interface{ String() string }:
		return "stringer"
	}
	return "?"
}
func inc[T any, P interface {
	*T
	Inc()
}](x *T) {
	P(x).Inc()
	f := P.Inc
	f(x)
}
func eq[T comparable](a, b T) bool { return a == b }
func lit[S ~[]E, E any](e E) S     { return append(S{2: e}, e) }

type Pair[K comparable, V any] struct {
	key K
	val V
}

func (p *Pair[K, V]) set(v V)                       { p.val = v }
func pair[K comparable, V any](k K, v V) Pair[K, V] { return Pair[K, V]{val: v, key: k} }

func main() {
	println(conv[float64, int](7.9), conv[int, float32](7), conv[int8, uint64](-2), constant[int8](), constant[float64]())
	b, s := at([]byte("abc"), 1)
	println(b, s, kind(1), kind(MyInt(1)), kind(1.5))
	m := MyInt(1)
	inc(&m)
	p := pair("k", m)
	p.set(9)
	println(m, p.val, eq(p, pair("k", MyInt(9))), eq[any](1, 1.0), lit[[]string]("z")[3])
}

// Output:
// 3 +3.500000e+000 9223372036854775807 100 +1.000000e+002
// 98 bc int stringer ?
// 3 9 true false z
