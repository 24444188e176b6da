// Quicksort of ten million ints, written for ints.
package main

const size = 10_000_000

// insertion sorts a few elements.
func insertion(a []int) {
	for i := 1; i < len(a); i++ {
		for j := i; j > 0 && a[j] < a[j-1]; j-- {
			a[j], a[j-1] = a[j-1], a[j]
		}
	}
}

// middle brings the median of the first, middle and last element to the front.
func middle(a []int) {
	m, last := len(a)/2, len(a)-1
	if a[m] < a[0] {
		a[m], a[0] = a[0], a[m]
	}
	if a[last] < a[0] {
		a[last], a[0] = a[0], a[last]
	}
	if a[last] < a[m] {
		a[last], a[m] = a[m], a[last]
	}
	a[0], a[m] = a[m], a[0]
}

// split partitions around the first element and returns where that ends up.
func split(a []int) int {
	pivot := a[0]
	i, j := 1, len(a)-1
	for {
		for i <= j && a[i] < pivot {
			i++
		}
		for i <= j && pivot < a[j] {
			j--
		}
		if i >= j {
			break
		}
		a[i], a[j] = a[j], a[i]
		i++
		j--
	}
	a[0], a[j] = a[j], a[0]
	return j
}

// quick sorts by Hoare's quicksort with the median of three.
func quick(a []int) {
	for len(a) > 12 {
		middle(a)
		p := split(a)
		if p < len(a)/2 {
			quick(a[:p])
			a = a[p+1:]
		} else {
			quick(a[p+1:])
			a = a[:p]
		}
	}
	insertion(a)
}

// fill gives the same numbers in every run.
func fill(a []int) {
	x := uint64(88172645463325252)
	for i := range a {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		a[i] = int(x >> 1)
	}
}

func main() {
	a := make([]int, size)
	fill(a)
	quick(a)
	for i := 1; i < len(a); i++ {
		if a[i] < a[i-1] {
			panic("not sorted")
		}
	}
	println(a[0], a[size/2], a[size-1])
}
