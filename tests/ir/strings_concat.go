// run

// Concatenations are one operation; operands that convert bytes are not copied, results never share them.
package main

func main() {
	a, b := "foo", "bar"
	s := a + b
	s += "!" + s + a
	println(s, len(s), s[1:3]+s[:2])
	var e string
	println(e+e == "", e+a == a, len(e+e))
	bytes := []byte(s)
	t := string(bytes) + "lit"
	u := string(bytes) + e
	bytes[0] = 'Z'
	println(t, u, string(bytes[:1])+e)
	m := map[string]int{"key": 9}
	println(m[string([]byte("key"))], string([]byte("x")) == "x")
	println(string(rune(0x4e16)), string(rune(-1)), len([]rune("h\xffé")), string([]rune{65, 0x110000}))
}

// Output:
// foobar!foobarfoo 16 oofo
// true true 0
// foobar!foobarfoolit foobar!foobarfoo Z
// 9 true
// 世 � 3 A�
