// run

// Calls by reflection: arguments and results of every class, methods, MakeFunc, text/template.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template"
)

type big struct {
	a, b, c int
	s       string
}
type T struct{ n int }

func (t T) Add(x int, s string) (int, string)   { return t.n + x, s + "!" }
func (t *T) Set(x int)                           { t.n = x }
func (t T) Many(a, b, c, d, e, f, g int, s []string, x float64, y float32, z big) string {
	return fmt.Sprint(a, b, c, d, e, f, g, s, x, y, z, t.n)
}

type mixed struct {
	f float32
	i int32
	g float64
}
type pt struct{ x, y float64 }

func f0()                                             { fmt.Println("f0") }
func f1(m mixed, p pt, c complex128, b bool, i8 int8) (mixed, error) {
	fmt.Println(m, p, c, b, i8)
	return mixed{m.f * 2, m.i * 2, m.g * 2}, errors.New("e")
}
func f2(p pt) pt                  { return pt{p.y, p.x} }
func f3(s ...int) []int           { return append(s, len(s)) }
func f4(b big) (big, []string)    { b.a++; return b, []string{b.s} }
func f5(c complex64) (complex64, float32) { return c * 2, real(c) }
func f6(a [2]float32, e struct{}, u [3]byte) ([3]byte, [2]float32) { return u, a }

func call(f any, args ...any) {
	var in []reflect.Value
	for _, a := range args {
		in = append(in, reflect.ValueOf(a))
	}
	for _, r := range reflect.ValueOf(f).Call(in) {
		fmt.Print(r.Interface(), ";")
	}
	fmt.Println()
}

func main() {
	call(f0)
	call(f1, mixed{1.5, 2, 3.5}, pt{1, 2}, 3+4i, true, int8(-3))
	call(f2, pt{1, 2})
	call(f3, 1, 2, 3)
	call(f4, big{1, 2, 3, "s"})
	call(f5, complex64(1+2i))
	call(f6, [2]float32{1, 2}, struct{}{}, [3]byte{7, 8, 9})
	n := 10
	call(func(s string) int { n++; return n + len(s) }, "abc")
	t := T{5}
	v := reflect.ValueOf(&t)
	fmt.Println(v.MethodByName("Add").Call([]reflect.Value{reflect.ValueOf(3), reflect.ValueOf("x")}))
	v.MethodByName("Set").Call([]reflect.Value{reflect.ValueOf(77)})
	call(v.Method(1).Interface(), 1, 2, 3, 4, 5, 6, 7, []string{"q"}, 2.5, float32(3.5), big{1, 2, 3, "z"})
	add := v.MethodByName("Add").Interface().(func(int, string) (int, string))
	fmt.Println(add(1, "mv"))
	many := v.MethodByName("Many").Interface().(func(a, b, c, d, e, f, g int, s []string, x float64, y float32, z big) string)
	fmt.Println(many(1, 2, 3, 4, 5, 6, 7, []string{"w"}, 1.5, 2.5, big{9, 8, 7, "k"}))
	var s fmt.Stringer = reflect.ValueOf(&t).Elem().Addr().Interface().(interface{ Set(int) }).(*T)
	_ = s
	swap := reflect.MakeFunc(reflect.TypeOf(func(a int, b string) (string, int) { return "", 0 }), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{in[1], in[0]}
	}).Interface().(func(int, string) (string, int))
	fmt.Println(swap(4, "four"))
	bigf := reflect.MakeFunc(reflect.TypeOf(f4), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{in[0], reflect.ValueOf([]string{"made", in[0].Field(3).String()})}
	}).Interface().(func(big) (big, []string))
	fmt.Println(bigf(big{5, 6, 7, "str"}))
	fl := reflect.MakeFunc(reflect.TypeOf(f2), func(in []reflect.Value) []reflect.Value { return in }).Interface().(func(pt) pt)
	fmt.Println(fl(pt{2.5, 3.5}))
	iface := reflect.ValueOf((*error)(nil)).Elem()
	e := errors.New("err text")
	iface = reflect.ValueOf(&e).Elem()
	fmt.Println(iface.MethodByName("Error").Call(nil)[0])
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		call(func() { panic("inside") })
	}()

	tm := template.Must(template.New("x").Funcs(template.FuncMap{"up": strings.ToUpper}).Parse(
		"{{range $i, $e := .Items}}{{$i}}:{{$e | up | printf \"%q\"}} {{else}}none{{end}}{{with .T}}{{.Add 4 \"t\" | printf \"%v\"}}{{end}}{{len .Items}}\n"))
	var sb strings.Builder
	err := tm.Execute(&sb, map[string]any{"Items": []string{"a", "b"}, "T": tt{1}})
	fmt.Println(sb.String(), err)
}

type tt struct{ n int }

func (t tt) Add(x int, s string) string { return fmt.Sprint(t.n+x, s) }
func (t *T) String() string            { return "T!" }

/*
f0

{1.5 2 3.5} {1 2} (3+4i) true -3
{3 4 7};e;
{2 1};
[1 2 3 3];
{2 2 3 s};[s];
(2+4i);1;
[7 8 9];[1 2];
14;
[<int Value> x!]
1 2 3 4 5 6 7 [q] 2.5 3.5 {1 2 3 z} 77;
78 mv!
1 2 3 4 5 6 7 [w] 1.5 2.5 {9 8 7 k} 77
four 4
{5 6 7 str} [made str]
{2.5 3.5}
err text
recovered inside
0:"A" 1:"B" 5t2
 <nil>
*/
