// run

// Packages that need type descriptors, interfaces, panics, generic functions and iterators.
package main

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"slices"
	"sort"
	"strconv"
)

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type fault struct{ code int }

func (f *fault) Error() string { return "fault " + strconv.Itoa(f.code) }

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i*i); i++ {
		}
	}
}

func main() {
	words := byLen{"three", "a", "four", "to"}
	sort.Stable(words)
	println(words[0], words[1], words[2], words[3])
	people := []struct {
		name string
		age  int
	}{{"Ann", 30}, {"Bob", 25}, {"Cy", 30}}
	sort.Slice(people, func(i, j int) bool { return people[i].age < people[j].age })
	println(people[0].name, sort.SearchInts([]int{1, 3, 5, 7}, 5))
	slices.SortFunc(people, func(a, b struct {
		name string
		age  int
	}) int {
		return cmp.Or(-cmp.Compare(a.age, b.age), cmp.Compare(a.name, b.name))
	})
	println(people[0].name, people[1].name, people[2].name)

	m := map[string]int{"x": 1, "y": 2, "z": 3}
	keys := slices.Sorted(maps.Keys(m))
	println(len(keys), keys[0], keys[2], maps.Clone(m)["y"])
	println(slices.Collect(count(5))[4], slices.Max([]float64{1, 5, 2}) == 5, slices.Contains(keys, "q"))

	println(strconv.Itoa(-42), strconv.FormatFloat(0.1+0.2, 'g', -1, 64), strconv.Quote("a\n\"é\x01"))
	n, err := strconv.Atoi("12x")
	println(n, err.Error(), errors.Is(err, strconv.ErrSyntax))
	f, _ := strconv.ParseFloat("1e-323", 64)
	println(f == 1e-323, strconv.FormatInt(-255, 16))
	u, err := strconv.ParseUint("300", 0, 8)
	println(u, err.Error())

	wrapped := errors.Join(errors.New("one"), &fault{7})
	var target *fault
	println(errors.As(wrapped, &target), target.code, wrapped.Error())
}

/*
a to four three
Bob 2
Ann Cy Bob
3 x z 2
16 true false
-42 0.3 "a\n\"é\x01"
0 strconv.Atoi: parsing "12x": invalid syntax true
true -ff
255 strconv.ParseUint: parsing "300": value out of range
true 7 one
fault 7
*/
