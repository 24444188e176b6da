// run

// A jump table in a weak function: an instantiation with a dense switch.
package main

func class[Bytes []byte | string](s Bytes) (n int) {
	for i := range len(s) {
		switch s[i] {
		case '\\', '"':
			n += 1
		case '\b':
			n += 2
		case '\f':
			n += 3
		case '\n':
			n += 4
		case '\r':
			n += 5
		case '\t':
			n += 6
		default:
			n += 100
		}
	}
	return n
}

func main() { println(class("a\"\n\t"), class([]byte("\r\b\f\\"))) }

/*
111 11
*/
