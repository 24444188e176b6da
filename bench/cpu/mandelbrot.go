// The Mandelbrot set: a tight loop of floating point with an early exit.
package main

const size, limit = 1600, 100

func row(y int) (inside int) {
	ci := 2*float64(y)/size - 1
	for x := 0; x < size; x++ {
		cr := 2*float64(x)/size - 1.5
		zr, zi, i := 0.0, 0.0, 0
		for ; i < limit && zr*zr+zi*zi <= 4; i++ {
			zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci
		}
		if i == limit {
			inside++
		}
	}
	return inside
}

func main() {
	total := 0
	for y := 0; y < size; y++ {
		total += row(y)
	}
	println(total)
}
