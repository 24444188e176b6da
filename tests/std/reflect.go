// run

// reflect: types and values by descriptor.
package main

import (
	"fmt"
	"reflect"
)

type Inner struct{ A, B int }

type Shape interface{ Area() float64 }

type Rect struct {
	W, H  float64 `json:"w" xml:"x"`
	inner Inner
	Inner
	tags map[string]int
}

func (r Rect) Area() float64    { return r.W * r.H }
func (r *Rect) Scale(f float64) { r.W *= f; r.H *= f }

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func main() {
	t := reflect.TypeOf(Rect{})
	fmt.Println(t, t.Kind(), t.NumField(), t.NumMethod(), reflect.PointerTo(t).NumMethod(), t.Size(), t.PkgPath(), t.Name())
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		fmt.Println(f.Name, f.Type, f.Tag.Get("xml"), f.Offset, f.Anonymous, f.IsExported(), f.Index)
	}
	shape := reflect.TypeOf((*Shape)(nil)).Elem()
	fmt.Println(t.Implements(shape), shape.Kind(), shape.NumMethod(), shape.Method(0).Name, shape.Method(0).Type)
	fmt.Println(reflect.TypeOf(Pair[string, []int]{}), reflect.TypeOf(func(int, ...string) error { return nil }), reflect.TypeOf(make(<-chan bool)))

	r := Rect{W: 2, H: 3, Inner: Inner{4, 5}}
	v := reflect.ValueOf(&r).Elem()
	v.Field(0).SetFloat(10)
	v.FieldByName("B").SetInt(9)
	fmt.Println(r.W, r.B, v.FieldByName("inner").CanSet(), v.Field(1).Addr().Interface() == any(&r.H))
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		v.FieldByName("inner").Field(0).SetInt(1)
	}()

	m := reflect.MakeMap(reflect.TypeOf(map[string]int{}))
	for i, k := range []string{"x", "y", "z"} {
		m.SetMapIndex(reflect.ValueOf(k), reflect.ValueOf(i))
	}
	m.SetMapIndex(reflect.ValueOf("y"), reflect.Value{})
	sum := 0
	for it := m.MapRange(); it.Next(); {
		sum += int(it.Value().Int()) + len(it.Key().String())
	}
	fmt.Println(m.Len(), sum, m.Interface().(map[string]int)["z"], m.MapIndex(reflect.ValueOf("q")).IsValid())

	s := reflect.MakeSlice(reflect.TypeOf([]string{}), 1, 4)
	s.Index(0).SetString("first")
	s = reflect.Append(s, reflect.ValueOf("second"))
	s = reflect.AppendSlice(s, reflect.ValueOf([]string{"3", "4", "5"}))
	fmt.Println(s.Interface(), s.Len(), reflect.Copy(s, reflect.ValueOf([]string{"0"})), s.Slice(0, 2))

	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual(r, Rect{}))
	fmt.Println(reflect.SliceOf(t) == reflect.TypeOf([]Rect{}), reflect.MapOf(reflect.TypeOf(""), t), reflect.ArrayOf(3, t))
	fmt.Println(reflect.SliceOf(reflect.TypeOf(0)) == reflect.TypeOf([]int(nil)), reflect.ChanOf(reflect.BothDir, t))
	x := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "N", Type: reflect.TypeOf(0), Tag: `a:"b"`}})).Elem()
	x.Field(0).SetInt(8)
	fmt.Printf("%+v %T\n", x.Interface(), x.Interface())
	fmt.Println(reflect.Zero(t).Field(0).Float(), reflect.ValueOf(3).Convert(reflect.TypeOf(2.5)), reflect.ValueOf(r).IsZero())

	c := make(chan int, 3)
	cv := reflect.ValueOf(c)
	cv.Send(reflect.ValueOf(5))
	fmt.Println(cv.TrySend(reflect.ValueOf(6)), cv.Len(), cv.Cap())
	got, ok := cv.Recv()
	fmt.Println(got, ok, <-c)
	_, ok = cv.TryRecv()
	chosen, _, _ := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: cv}, {Dir: reflect.SelectDefault}})
	cv.Close()
	fmt.Println(ok, chosen)
	var e any = &r
	reflect.ValueOf(e).Elem().Set(reflect.ValueOf(Rect{W: 1}))
	swap := reflect.Swapper([]int{1, 2})
	swap(0, 1)
	fmt.Println(r.W, r.H, reflect.Indirect(reflect.ValueOf(e)).Type() == t, reflect.TypeFor[error]())
}

/*
main.Rect struct 5 1 2 56 main Rect
W float64 x 0 false true [0]
H float64 x 8 false true [1]
inner main.Inner  16 false false [2]
Inner main.Inner  32 true true [3]
tags map[string]int  48 false false [4]
true interface 1 Area func() float64
main.Pair[string,[]int] func(int, ...string) error <-chan bool
10 9 false true
recovered: reflect: reflect.Value.SetInt using value obtained using unexported field
2 4 2 false
[0 second 3 4 5] 5 1 [0 second]
true false
true map[string]main.Rect [3]main.Rect
true chan main.Rect
{N:8} struct { N int "a:\"b\"" }
0 3 false
true 2 3
5 true 6
false 1
1 0 true error
*/
