// Multiplication of two matrices, the second one transposed: dot products over slices.
package main

const n = 600

type matrix [n][n]float64

var a, b, bt, c matrix

func fill(m *matrix, seed float64) {
	for i := range m {
		for j := range m[i] {
			m[i][j] = seed * float64((i-j)*(i+j)) / n / n
		}
	}
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

func multiply() {
	for i := range b {
		for j := range b[i] {
			bt[j][i] = b[i][j]
		}
	}
	for i := range a {
		for j := range bt {
			c[i][j] = dot(a[i][:], bt[j][:])
		}
	}
}

func main() {
	fill(&a, 1)
	fill(&b, 2)
	for i := 0; i < 4; i++ {
		multiply()
		a[i][i] += c[n/2][n/2]
	}
	println(c[n/2][n/2], c[0][n-1])
}
