// run
// m[k] op= v looks the key up once, but a panicking operation must leave the map as it was.
package main

func try(f func()) {
	defer func() { println(recover() != nil) }()
	f()
}

type key struct{ a, b any }

var calls int

func next() string { calls++; return "k" }

func main() {
	m := map[string]int{}
	zero, neg := 0, -1
	try(func() { m["a"] /= zero })
	try(func() { m["b"] %= zero })
	try(func() { m["c"] <<= neg })
	try(func() { m["d"] += 1 / zero })
	println(len(m))
	m[next()]++
	m[next()] += 5
	m["k"] *= 7
	m["k"] -= 2
	m["k"] |= 1
	m["k"] ^= 3
	m["k"] /= 2
	println(m["k"], calls, len(m))
	s := map[int]string{}
	for i := 0; i < 3; i++ {
		s[1] += "ab"
	}
	println(s[1])
	f := map[float64]int{}
	nan := 0.0
	nan /= nan
	f[nan]++
	f[nan]++
	println(len(f))
	var none map[string]int
	try(func() { none["x"]++ })
	try(func() { map[any]int{}[func() {}]++ })
	k := map[key]int{}
	k[key{1, "x"}]++
	k[key{1, "x"}]++
	println(k[key{1, "x"}], len(k))
	grow := map[int]int{}
	for i := 0; i < 1000; i++ {
		grow[i%500] += i
	}
	println(len(grow), grow[3])
}

/*
true
true
true
true
0
21 2 1
ababab
2
true
true
2 1
500 506
*/
