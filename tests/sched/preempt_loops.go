// run

// Loops that never call anything give others their turn, and lose no register on the way.
package main

func spin(stop *bool) { // reads memory only
	for !*stop {
	}
}

func sum(n int) (s int, f float64) {
	for i := 0; i < n; i++ {
		s += i ^ s>>3
		f += float64(i&7) * 0.5
	}
	return
}

func forever() {
	for {
	}
}

func main() {
	for i := 0; i < 8; i++ {
		go forever()
	}
	ball := make(chan int)
	go func() {
		for v := range ball {
			ball <- v + 1
		}
	}()
	v := 0
	for i := 0; i < 10; i++ {
		ball <- v
		v = <-ball
	}
	println(v)

	type result struct {
		s int
		f float64
	}
	results := make(chan result)
	for i := 0; i < 4; i++ {
		go func() {
			s, f := sum(30_000_000)
			results <- result{s, f}
		}()
	}
	first := <-results
	same := true
	for i := 1; i < 4; i++ {
		same = same && <-results == first
	}
	s, f := sum(30_000_000)
	println(same, first == result{s, f})
}

// Output:
// 10
// true true
