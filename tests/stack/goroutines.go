// run

// Goroutines start on small stacks: work, panics and waiting at every depth of each.
package main

type vec [12]int

func sum(n int, v vec) (vec, int) {
	if n == 0 {
		return v, 0
	}
	for i := range v {
		v[i] += i
	}
	w, k := sum(n-1, v)
	return w, k + 1
}

func recovered(n int) (r int) {
	defer func() {
		if e := recover(); e != nil {
			r = e.(int)
		}
	}()
	if n > 0 {
		return recovered(n-1) + 1
	}
	panic(42)
}

func deep(n int, in, out chan int) int {
	if n == 0 {
		out <- <-in // waits at the deepest place
		return 0
	}
	return deep(n-1, in, out) + 1
}

func work(depth int) bool {
	w, k := sum(depth, vec{})
	if k != depth || w[11] != 11*depth {
		return false
	}
	return recovered(depth%40) == 42+depth%40
}

func main() {
	done := make(chan bool)
	for depth := 0; depth < 1500; depth++ {
		go func() { done <- work(depth) }()
	}
	wrong := 0
	for i := 0; i < 1500; i++ {
		if !<-done {
			wrong++
		}
	}
	println("wrong:", wrong)

	// Many that wait, on segments of many sizes, and go on.
	in, out, depths := make(chan int), make(chan int), make(chan int)
	for i := 0; i < 2000; i++ {
		go func() { depths <- deep(i, in, out) }()
	}
	total := 0
	for i := 0; i < 2000; i++ {
		in <- i
		total += <-out
	}
	for i := 0; i < 2000; i++ {
		total -= <-depths
	}
	println("difference:", total)
}

/*
wrong: 0
difference: 0
*/
