// Fannkuch: all permutations of n, counting prefix reversals: integer arrays and unpredictable branches.
package main

const n = 10

func fannkuch() (sum, max int) {
	var perm, perm1, count [n]int
	for i := range perm1 {
		perm1[i] = i
	}
	r, even := n, true
	for {
		for ; r != 1; r-- {
			count[r-1] = r
		}
		perm = perm1
		flips := 0
		for k := perm[0]; k != 0; k = perm[0] {
			for i, j := 0, k; i < j; i, j = i+1, j-1 {
				perm[i], perm[j] = perm[j], perm[i]
			}
			flips++
		}
		if flips > max {
			max = flips
		}
		if even {
			sum += flips
		} else {
			sum -= flips
		}
		for {
			if r == n {
				return sum, max
			}
			first := perm1[0]
			for i := 0; i < r; i++ {
				perm1[i] = perm1[i+1]
			}
			perm1[r] = first
			count[r]--
			if count[r] > 0 {
				break
			}
			r++
		}
		even = !even
	}
}

func main() {
	for i := 0; i < 4; i++ {
		sum, max := fannkuch()
		println(sum, max)
	}
}
