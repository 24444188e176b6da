// run

// Switches over constants: tables of integers of all widths, strings by length and text.
package main

func ints(n int) string {
	switch n {
	case 1:
		return "one"
	case 2, 3:
		return "two-three"
	case -5:
		return "neg"
	case 1 << 40:
		return "big"
	case 100:
		fallthrough
	case 101:
		return "hundred"
	}
	return "other"
}

func u64(n uint64) int {
	switch n {
	case 0:
		return 0
	case 1<<64 - 1:
		return 1
	case 1 << 63:
		return 2
	case 5:
		return 3
	case 6:
		return 4
	default:
		return -1
	}
}

func i8(n int8) int {
	switch n {
	case -128:
		return 0
	case -1:
		return 1
	case 127:
		return 2
	case 5:
		return 3
	}
	return -1
}

func strs(s string) int {
	switch s {
	case "":
		return 0
	case "a":
		return 1
	case "b", "c":
		return 2
	case "foo", "bar", "baz", "qux", "zip", "zap", "zop", "abc":
		return 3
	case "hello":
		return 4
	default:
		return -1
	case "world":
		return 5
	}
}

func main() {
	for _, n := range []int{1, 2, 3, -5, 1 << 40, 100, 101, 0} {
		println(ints(n))
	}
	println(u64(0), u64(1<<64-1), u64(1<<63), u64(5), u64(7))
	println(i8(-128), i8(-1), i8(127), i8(5), i8(0))
	for _, s := range []string{"", "a", "b", "c", "foo", "zap", "zzz", "abc", "hello", "world", "wurld"} {
		print(strs(s), " ")
	}
	println()
}

/*
one
two-three
two-three
neg
big
hundred
hundred
other
0 1 2 3 -1
0 1 2 3 -1
0 1 2 2 3 3 -1 3 4 5 -1 
*/
