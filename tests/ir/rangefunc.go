// run

// Leaving range loops over functions in every way: nested, with labels, goto, return and defer.
package main

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				println("stopped at", i)
				return
			}
		}
		println("exhausted")
	}
}

func find(n int) (int, string) {
	for i := range seq(10) {
		if i == n {
			return i, "found"
		}
	}
	return -1, "none"
}

func findNested(n int) (r int, err error) {
	defer func() { println("deferred", r) }()
	for i := range seq(4) {
		for j := range seq(4) {
			if i*j == n {
				return i*10 + j, nil
			}
		}
	}
	return -1, nil
}

func nestedBranches() {
outer:
	for i := range seq(5) {
		for k := 0; k < 2; k++ {
			for j := range seq(5) {
				switch {
				case j == 1 && i == 0:
					continue outer
				case j == 2:
					break
				case i == 3:
					break outer
				case i == 2:
					goto done
				}
				println("ij", i, j, k)
				if j == 3 {
					break
				}
			}
		}
	}
done:
	println("done")
}

func defers() {
	for i := range seq(3) {
		defer println("deferred", i)
	}
	println("end of defers")
}

func condRet(b bool) string {
	for i := range seq(2) {
		if b {
			return "early"
		}
		if i == 1 {
			defer println("cond deferred")
		}
	}
	return "late"
}

func bare(n int) (x, y int) {
	for i := range seq(n) {
		x = i
		y += x
		if i == 2 {
			return
		}
	}
	y = -y
	return
}

func main() {
	println(find(3))
	println(find(30))
	r, _ := findNested(6)
	println(r)
	r, _ = findNested(100)
	println(r)
	nestedBranches()
	defers()
	println(condRet(true), condRet(false))
	println(bare(2))
	println(bare(5))
}

/*
stopped at 3
3 found
exhausted
-1 none
exhausted
exhausted
stopped at 3
stopped at 2
deferred 23
23
exhausted
exhausted
exhausted
exhausted
exhausted
deferred -1
-1
ij 0 0 0
stopped at 1
ij 1 0 0
ij 1 1 0
ij 1 2 0
ij 1 3 0
stopped at 3
ij 1 0 1
ij 1 1 1
ij 1 2 1
ij 1 3 1
stopped at 3
stopped at 0
stopped at 2
done
exhausted
end of defers
deferred 2
deferred 1
deferred 0
stopped at 0
exhausted
cond deferred
early late
exhausted
1 -1
stopped at 2
2 3
*/
