// compile

// Jumps backwards, out of blocks, and forward without a declaration in between are fine.

package p

func f(n int) int {
	i := 0
Again:
	i++
	if i < n {
		goto Again
	}
	for {
		for {
			goto Done
		}
	}
Done:
	{
		y := 1
		_ = y
	}
	return i
}
