// run

// Equality with short constants compares words; order and prefixes.
package main

func main() {
	for _, s := range []string{"", "a", "abc", "abd", "abcd", "abcdefg", "abcdefgX", "abcdefghijklmnop", "abcdefghijklmnopq"} {
		print(s == "", s == "a", s == "abc", s == "abcd", s == "abcdefg", s == "abcdefgh", s == "abcdefghijklmnop", s != "abc", " ")
		println(s < "abcd", s <= "abcd", s > "abcd", s >= "abcd", s == s+"")
	}
}

// Output:
// truefalsefalsefalsefalsefalsefalsetrue true true false false true
// falsetruefalsefalsefalsefalsefalsetrue true true false false true
// falsefalsetruefalsefalsefalsefalsefalse true true false false true
// falsefalsefalsefalsefalsefalsefalsetrue false false true true true
// falsefalsefalsetruefalsefalsefalsetrue false true false true true
// falsefalsefalsefalsetruefalsefalsetrue false false true true true
// falsefalsefalsefalsefalsefalsefalsetrue false false true true true
// falsefalsefalsefalsefalsefalsetruetrue false false true true true
// falsefalsefalsefalsefalsefalsefalsetrue false false true true true
