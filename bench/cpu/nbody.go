// Motion of the outer planets by symplectic integration: floating point on small structs.
package main

type body struct{ x, y, z, vx, vy, vz, mass float64 }

const (
	solarMass   = 39.478417604357432
	daysPerYear = 365.24
)

func sqrt(x float64) float64 { // Newton's method from a close start: no imports needed
	if x == 0 {
		return 0
	}
	r := 1.0
	for r*r < x {
		r *= 2
	}
	for i := 0; i < 8; i++ {
		r = (r + x/r) / 2
	}
	return r
}

func energy(b []body) float64 {
	e := 0.0
	for i := range b {
		p := &b[i]
		e += p.mass * (p.vx*p.vx + p.vy*p.vy + p.vz*p.vz) / 2
		for j := i + 1; j < len(b); j++ {
			q := &b[j]
			dx, dy, dz := p.x-q.x, p.y-q.y, p.z-q.z
			e -= p.mass * q.mass / sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return e
}

func advance(b []body, dt float64) {
	for i := range b {
		p := &b[i]
		for j := i + 1; j < len(b); j++ {
			q := &b[j]
			dx, dy, dz := p.x-q.x, p.y-q.y, p.z-q.z
			d2 := dx*dx + dy*dy + dz*dz
			mag := dt / (d2 * sqrt(d2))
			p.vx -= dx * q.mass * mag
			p.vy -= dy * q.mass * mag
			p.vz -= dz * q.mass * mag
			q.vx += dx * p.mass * mag
			q.vy += dy * p.mass * mag
			q.vz += dz * p.mass * mag
		}
	}
	for i := range b {
		p := &b[i]
		p.x += dt * p.vx
		p.y += dt * p.vy
		p.z += dt * p.vz
	}
}

var system = [5]body{
	{0, 0, 0, 0, 0, 0, solarMass},
	{4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * daysPerYear, 0.00769901118419740425 * daysPerYear, -0.0000690460016972063023 * daysPerYear, 0.000954791938424326609 * solarMass},
	{8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411021 * daysPerYear, 0.00499852801234917238 * daysPerYear, 0.0000230417297573763929 * daysPerYear, 0.000285885980666130812 * solarMass},
	{12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * daysPerYear, 0.00237847173959480950 * daysPerYear, -0.0000296589568540237556 * daysPerYear, 0.0000436624404335156298 * solarMass},
	{15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * daysPerYear, 0.00162824170038242295 * daysPerYear, -0.0000951592254519715870 * daysPerYear, 0.0000515138902046611451 * solarMass},
}

func main() {
	b := system[:]
	var px, py, pz float64
	for i := range b {
		px += b[i].vx * b[i].mass
		py += b[i].vy * b[i].mass
		pz += b[i].vz * b[i].mass
	}
	b[0].vx, b[0].vy, b[0].vz = -px/solarMass, -py/solarMass, -pz/solarMass
	println(energy(b))
	for i := 0; i < 1500000; i++ {
		advance(b, 0.01)
	}
	println(energy(b))
}
