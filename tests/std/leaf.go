// run

// Packages without imports, or with each other only: their source is compiled, and what they use of the runtime is there.
package main

import (
	"math"
	"math/bits"
	"math/cmplx"
	"sync/atomic"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

type counter struct {
	n atomic.Int64
	p atomic.Pointer[string]
}

func main() {
	println(bits.Len(1000), bits.TrailingZeros64(96), bits.ReverseBytes32(0x01020304), bits.OnesCount8(0xf7))
	hi, lo := bits.Mul64(1<<63, 6)
	println(hi, lo)
	func() {
		defer func() { println(recover().(error).Error()) }()
		println(bits.Div64(7, 0, 7))
	}()
	println(int(math.Floor(-2.5)), int(math.Sqrt(144)), math.IsNaN(math.Log(-1)), math.MaxInt16)
	println(int(math.Round(1e6*math.Sin(1))), int(math.Round(1e6*math.Pow(2, 0.5))))
	println(int(math.Round(1e3 * real(cmplx.Sqrt(-4+0i)))), int(math.Round(1e3*imag(cmplx.Sqrt(-4)))))
	println(unicode.IsUpper('Ä'), unicode.Is(unicode.Greek, 'λ'), string(unicode.ToLower('Σ')), unicode.IsSpace('x'))
	println(utf8.RuneCountInString("héllo"), utf8.ValidString("a\xff"), len(utf16.Encode([]rune("😀"))))

	var c counter
	println(c.n.Add(3), c.n.CompareAndSwap(3, 5), c.n.Load())
	s := "text"
	c.p.Store(&s)
	println(*c.p.Load(), c.p.Swap(nil) == &s, c.p.Load() == nil)
	add := atomic.AddInt32
	var word int32
	println(add(&word, -7), word)
}

/*
10 5 67305985 7
3 0
runtime error: integer overflow
-3 12 true 32767
841471 1414214
0 2000
true true σ false
5 false 2
3 true 5
text true true
-7 -7
*/
