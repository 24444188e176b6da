// run

// strings, bytes, bufio, regexp, io: text in and out.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"
	"unicode"
)

type upper struct{ r io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	copy(p, bytes.ToUpper(p[:n]))
	return n, err
}

func main() {
	fmt.Println(strings.Fields("  a b\tc\n"), strings.Split("a,b,c", ","), strings.Repeat("ab", 3))
	fmt.Println(strings.Index("chicken", "ken"), strings.LastIndex("go gopher", "go"), strings.EqualFold("Straße", "STRASSE"))
	fmt.Println(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, "a1b2ü"), strings.Title("hello world"), strings.TrimFunc("123abc456", unicode.IsDigit))
	fmt.Println(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace("<b>x</b>"), strings.Contains("seafood", "foo"))
	before, after, ok := strings.Cut("key=value=x", "=")
	fmt.Println(before, after, ok, strings.Compare("a", "b"), strings.ToTitle("ǆ"))

	all, err := io.ReadAll(io.LimitReader(upper{strings.NewReader("hello, world")}, 5))
	fmt.Println(string(all), err)
	sc := bufio.NewScanner(strings.NewReader("one two\nthree"))
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		fmt.Print(sc.Text(), ";")
	}
	fmt.Println()
	r := bufio.NewReader(strings.NewReader("line 1\nline 2"))
	for {
		line, err := r.ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
		if err != nil {
			break
		}
	}
	w := bufio.NewWriter(os.Stdout)
	fmt.Fprintf(w, "buffered %d\n", w.Available())
	w.Flush()

	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	fmt.Println(re.FindAllStringSubmatch("bob@example.com, eve@test.com", -1))
	fmt.Println(re.ReplaceAllString("bob@example.com", "$2 at $1"), re.MatchString("none"))
	fmt.Println(regexp.MustCompile(`a(x*)b`).ReplaceAllStringFunc("-ab-axxb-", strings.ToUpper))
	_, err = regexp.Compile(`a(b`)
	fmt.Println(err)

	var buf bytes.Buffer
	buf.WriteString("buffer ")
	fmt.Fprint(&buf, 1, true)
	fmt.Println(buf.String(), bytes.Count(buf.Bytes(), []byte("u")), bytes.HasPrefix(buf.Bytes(), []byte("buf")))
	tw := tabwriter.NewWriter(os.Stdout, 0, 8, 1, '.', tabwriter.AlignRight)
	fmt.Fprintln(tw, "a\tbbb\tc")
	fmt.Fprintln(tw, "aaaa\tb\tccccc")
	tw.Flush()
}

/*
[a b c] [a b c] ababab
4 3 false
ABÜ Hello World abc
&lt;b&gt;x&lt;/b&gt; true
key value=x true -1 ǅ
HELLO <nil>
one;two;three;
"line 1\n" <nil>
"line 2" EOF
buffered 4096
[[bob@example.com bob example] [eve@test.com eve test]]
example at bob false
-AB-AXXB-
error parsing regexp: missing closing ): `a(b`
buffer 1 true 2 true
....a.bbbc
.aaaa...bccccc
*/
