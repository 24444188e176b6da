// run

// Integers below 256 and booleans in interfaces share static words; larger ones are allocated.
package main

import (
	"fmt"
	"testing"
)

type Level int

type pair struct {
	a any
	f func(int16) any
}

var sink any

//go:noinline
func keep(v any) any {
	sink = v
	return v
}

func allocs(what string, f func()) { fmt.Println(what, testing.AllocsPerRun(10, f)) }

func each[T comparable](what string, values ...T) {
	for _, v := range values {
		if keep(v) != any(v) || keep(v).(T) != v {
			panic(fmt.Sprint(what, v, sink))
		}
		allocs(fmt.Sprintf("%s %v", what, v), func() { sink = v })
	}
}

func main() {
	each("int", 0, 1, 255, 256, -1, -1<<63)
	each[int16]("int16", 0, 255, 256, -1, -1<<15)
	each[int32]("int32", 255, 256, -256)
	each[uint32]("uint32", 255, 1<<32-1)
	each[uint64]("uint64", 255, 1<<64-1)
	each[uintptr]("uintptr", 255, 1<<63)
	each[Level]("Level", 96, 1000)
	each("bool", false, true)
	each[int8]("int8", -1, 1)
	n := 7
	p := pair{f: func(v int16) any { return v }}
	allocs("assigned", func() { p.a = n })
	n = 300
	allocs("assigned", func() { p.a = n })
	fmt.Println(p.a, p.f(-2), p.f(200))
}

/*
int 0 0
int 1 0
int 255 0
int 256 1
int -1 1
int -9223372036854775808 1
int16 0 0
int16 255 0
int16 256 1
int16 -1 1
int16 -32768 1
int32 255 0
int32 256 1
int32 -256 1
uint32 255 0
uint32 4294967295 1
uint64 255 0
uint64 18446744073709551615 1
uintptr 255 0
uintptr 9223372036854775808 1
Level 96 0
Level 1000 1
bool false 0
bool true 0
int8 -1 0
int8 1 0
assigned 0
assigned 1
300 -2 200
*/
