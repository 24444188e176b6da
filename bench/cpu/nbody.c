/* The same algorithm as nbody.go. */
#include <stdio.h>
typedef struct { double x, y, z, vx, vy, vz, mass; } body;
#define SM 39.478417604357432
#define DPY 365.24
static double root(double x) {
    if (x == 0) return 0;
    double r = 1;
    while (r * r < x) r *= 2;
    for (int i = 0; i < 8; i++) r = (r + x / r) / 2;
    return r;
}
static double energy(body *b, long n) {
    double e = 0;
    for (long i = 0; i < n; i++) {
        body *p = &b[i];
        e += p->mass * (p->vx * p->vx + p->vy * p->vy + p->vz * p->vz) / 2;
        for (long j = i + 1; j < n; j++) {
            body *q = &b[j];
            double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
            e -= p->mass * q->mass / root(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}
static void advance(body *b, long n, double dt) {
    for (long i = 0; i < n; i++) {
        body *p = &b[i];
        for (long j = i + 1; j < n; j++) {
            body *q = &b[j];
            double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z, d2 = dx * dx + dy * dy + dz * dz;
            double mag = dt / (d2 * root(d2));
            p->vx -= dx * q->mass * mag; p->vy -= dy * q->mass * mag; p->vz -= dz * q->mass * mag;
            q->vx += dx * p->mass * mag; q->vy += dy * p->mass * mag; q->vz += dz * p->mass * mag;
        }
    }
    for (long i = 0; i < n; i++) { b[i].x += dt * b[i].vx; b[i].y += dt * b[i].vy; b[i].z += dt * b[i].vz; }
}
static body b[5] = {
    {0, 0, 0, 0, 0, 0, SM},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * DPY, 0.00769901118419740425 * DPY, -0.0000690460016972063023 * DPY, 0.000954791938424326609 * SM},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411021 * DPY, 0.00499852801234917238 * DPY, 0.0000230417297573763929 * DPY, 0.000285885980666130812 * SM},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * DPY, 0.00237847173959480950 * DPY, -0.0000296589568540237556 * DPY, 0.0000436624404335156298 * SM},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * DPY, 0.00162824170038242295 * DPY, -0.0000951592254519715870 * DPY, 0.0000515138902046611451 * SM},
};
int main(void) {
    double px = 0, py = 0, pz = 0;
    for (int i = 0; i < 5; i++) { px += b[i].vx * b[i].mass; py += b[i].vy * b[i].mass; pz += b[i].vz * b[i].mass; }
    b[0].vx = -px / SM; b[0].vy = -py / SM; b[0].vz = -pz / SM;
    fprintf(stderr, "%e\n", energy(b, 5));
    for (int i = 0; i < 1500000; i++) advance(b, 5, 0.01);
    fprintf(stderr, "%e\n", energy(b, 5));
}
