package panics

import (
	"strconv"
	"unsafe"
)

// text is v as package fmt prints it with %v; of values that are neither basic nor have a text of their own it tells
// type and address.
func text(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	}
	kind, data := underlying(v)
	if kind < len(formats) && formats[kind] != nil {
		return formats[kind](data)
	}
	return "(" + typeName(v) + ") 0x" + strconv.FormatUint(uint64(uintptr(data)), 16)
}

// formats has the texts of the basic kinds, by the numbers of reflect.Kind.
var formats = [...]func(p unsafe.Pointer) string{
	1:  func(p unsafe.Pointer) string { return strconv.FormatBool(*(*bool)(p)) },
	2:  signed[int],
	3:  signed[int8],
	4:  signed[int16],
	5:  signed[int32],
	6:  signed[int64],
	7:  unsigned[uint],
	8:  unsigned[uint8],
	9:  unsigned[uint16],
	10: unsigned[uint32],
	11: unsigned[uint64],
	12: unsigned[uintptr],
	13: func(p unsafe.Pointer) string { return float(float64(*(*float32)(p)), 32) },
	14: func(p unsafe.Pointer) string { return float(*(*float64)(p), 64) },
	15: func(p unsafe.Pointer) string { return complexText(complex128(*(*complex64)(p)), 32) },
	16: func(p unsafe.Pointer) string { return complexText(*(*complex128)(p), 64) },
	24: func(p unsafe.Pointer) string { return *(*string)(p) },
}

func signed[T int | int8 | int16 | int32 | int64](p unsafe.Pointer) string {
	return strconv.FormatInt(int64(*(*T)(p)), 10)
}

func unsigned[T uint | uint8 | uint16 | uint32 | uint64 | uintptr](p unsafe.Pointer) string {
	return strconv.FormatUint(uint64(*(*T)(p)), 10)
}

func float(v float64, bits int) string { return strconv.FormatFloat(v, 'g', -1, bits) }

func complexText(v complex128, bits int) string {
	im := float(imag(v), bits)
	if im[0] != '-' && im[0] != '+' {
		im = "+" + im
	}
	return "(" + float(real(v), bits) + im + "i)"
}

// In runtime/try.c:

// underlying is v's kind, and the address of its value, or the value where that is a pointer.
func underlying(v any) (kind int, data unsafe.Pointer)

// typeName is the name of v's type, as %T prints it.
func typeName(v any) string
