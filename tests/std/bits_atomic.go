// run

// Functions that are compiled to instructions give what their source gives, called directly and through values.
package main

import (
	"math"
	"math/bits"
	"sync/atomic"
	"unsafe"
)

var words = []uint64{0, 1, 2, 3, 0x80, 0xff, 0x100, 0x8000, 0xffff, 0x10000, 0x80000000, 0xffffffff, 1 << 32,
	1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<64 - 2, 1<<64 - 1, 0x123456789abcdef0}

func check(ok bool, what string, x, y uint64) {
	if !ok {
		println("wrong:", what, x, y)
	}
}

func length(x uint64) (n int) {
	for ; x != 0; x >>= 1 {
		n++
	}
	return
}

func trailing(x uint64, size int) (n int) {
	for n < size && x>>n&1 == 0 {
		n++
	}
	return
}

func counts(x uint64) {
	check(bits.Len64(x) == length(x) && bits.Len(uint(x)) == length(x), "Len64", x, 0)
	check(bits.Len32(uint32(x)) == length(uint64(uint32(x))), "Len32", x, 0)
	check(bits.Len16(uint16(x)) == length(uint64(uint16(x))), "Len16", x, 0)
	check(bits.Len8(uint8(x)) == length(uint64(uint8(x))), "Len8", x, 0)
	check(bits.LeadingZeros64(x) == 64-length(x), "LeadingZeros64", x, 0)
	check(bits.LeadingZeros32(uint32(x)) == 32-length(uint64(uint32(x))), "LeadingZeros32", x, 0)
	check(bits.LeadingZeros16(uint16(x)) == 16-length(uint64(uint16(x))), "LeadingZeros16", x, 0)
	check(bits.LeadingZeros8(uint8(x)) == 8-length(uint64(uint8(x))), "LeadingZeros8", x, 0)
	check(bits.TrailingZeros64(x) == trailing(x, 64), "TrailingZeros64", x, 0)
	check(bits.TrailingZeros32(uint32(x)) == trailing(x, 32), "TrailingZeros32", x, 0)
	check(bits.TrailingZeros16(uint16(x)) == trailing(x, 16), "TrailingZeros16", x, 0)
	check(bits.TrailingZeros8(uint8(x)) == trailing(x, 8), "TrailingZeros8", x, 0)
	check(bits.ReverseBytes64(bits.ReverseBytes64(x)) == x, "ReverseBytes64", x, 0)
	check(bits.ReverseBytes32(uint32(x)) == uint32(bits.ReverseBytes64(x)>>32), "ReverseBytes32", x, 0)
	check(bits.ReverseBytes16(uint16(x)) == uint16(x)>>8|uint16(x)<<8, "ReverseBytes16", x, 0)
}

func rotate(x uint64, k int) uint64 {
	for k = (k%64 + 64) % 64; k > 0; k-- {
		x = x<<1 | x>>63
	}
	return x
}

// The product from halves.
func product(x, y uint64) (hi, lo uint64) {
	a, b, c, d := x>>32, x&0xffffffff, y>>32, y&0xffffffff
	mid := b*d>>32 + a*d&0xffffffff + b*c&0xffffffff
	return a*c + a*d>>32 + b*c>>32 + mid>>32, x * y
}

func pairs(x, y uint64) {
	hi, lo := bits.Mul64(x, y)
	h, l := product(x, y)
	check(hi == h && lo == l, "Mul64", x, y)
	for c := uint64(0); c < 2; c++ {
		sum, carry := bits.Add64(x, y, c)
		check(sum == x+y+c && (carry == 1) == (x+y < x || x+y+c < x+y), "Add64", x, y)
		diff, borrow := bits.Sub64(x, y, c)
		check(diff == x-y-c && (borrow == 1) == (x < y || x == y && c == 1), "Sub64", x, y)
	}
	for k := -70; k < 130; k += 7 {
		check(bits.RotateLeft64(x, k) == rotate(x, k), "RotateLeft64", x, uint64(k))
		r := uint32(x)
		check(bits.RotateLeft32(r, k) == uint32(rotate(uint64(r)<<32|uint64(r), k)), "RotateLeft32", x, uint64(k))
	}
}

func floats() {
	println(math.Sqrt(2) == math.Sqrt2, math.Sqrt(-1) != math.Sqrt(-1), math.Abs(-1.5), math.Copysign(3, -1))
}

type T struct {
	n atomic.Int64
	u atomic.Uint32
	b atomic.Bool
	p atomic.Pointer[int]
	v atomic.Value
}

func atomics() {
	var i32 int32
	var u32 uint32
	var i64 int64
	var u64 uint64
	var up uintptr
	println(atomic.AddInt32(&i32, -5), atomic.AddUint32(&u32, 7), atomic.AddInt64(&i64, -1<<40), atomic.AddUint64(&u64, 1<<63))
	println(atomic.SwapInt32(&i32, 9), atomic.CompareAndSwapInt32(&i32, 8, 1), atomic.CompareAndSwapInt32(&i32, 9, 1), i32)
	println(atomic.OrUint32(&u32, 8), atomic.AndUint32(&u32, 9), u32, atomic.OrInt64(&i64, 1), atomic.LoadInt64(&i64))
	atomic.StoreUintptr(&up, 77)
	println(atomic.LoadUintptr(&up), atomic.SwapUintptr(&up, 1), up)
	x, y := 1, 2
	p := unsafe.Pointer(&x)
	println(*(*int)(atomic.SwapPointer(&p, unsafe.Pointer(&y))), *(*int)(atomic.LoadPointer(&p)))
	println(atomic.CompareAndSwapPointer(&p, unsafe.Pointer(&x), nil), p == unsafe.Pointer(&y))
	add, load := atomic.AddInt64, (*atomic.Int64).Load
	var t T
	println(add(&i64, 1), t.n.Add(4), load(&t.n), t.u.CompareAndSwap(0, 3), t.u.Load(), t.b.Swap(true), t.b.Load())
	t.p.Store(&y)
	t.v.Store("text")
	println(*t.p.Load(), t.v.Load().(string))
	mul, length := bits.Mul64, bits.Len8
	hi, lo := mul(1<<63, 6)
	println(hi, lo, length(9))
}

func main() {
	for _, x := range words {
		counts(x)
		for _, y := range words {
			pairs(x, y)
		}
	}
	floats()
	atomics()
	defer func() { println(recover().(error).Error()) }()
	var p *int64
	atomic.AddInt64(p, 1)
}

/*
true true +1.500000e+000 -3.000000e+000
-5 7 -1099511627776 9223372036854775808
-5 false true 1
7 15 9 -1099511627776 -1099511627775
77 77 1
1 2
false true
-1099511627774 4 4 true 3 false true
2 text
3 0 4
runtime error: invalid memory address or nil pointer dereference
*/
