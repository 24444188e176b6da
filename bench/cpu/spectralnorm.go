// The spectral norm of an infinite matrix: nested loops of division and multiplication.
package main

const n = 1500

func a(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

func mulAv(v, out []float64) {
	for i := range out {
		s := 0.0
		for j := range v {
			s += a(i, j) * v[j]
		}
		out[i] = s
	}
}

func mulAtv(v, out []float64) {
	for i := range out {
		s := 0.0
		for j := range v {
			s += a(j, i) * v[j]
		}
		out[i] = s
	}
}

var u, v, t [n]float64

func main() {
	for i := range u {
		u[i] = 1
	}
	for i := 0; i < 10; i++ {
		mulAv(u[:], t[:])
		mulAtv(t[:], v[:])
		mulAv(v[:], t[:])
		mulAtv(t[:], u[:])
	}
	var vbv, vv float64
	for i := range u {
		vbv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	println(vbv / vv) // the square of the norm
}
