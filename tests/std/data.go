// run

// encoding/json, encoding/base64, encoding/binary, encoding/csv, flag, log, sort by reflection: data in and out.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

type animal struct {
	Name  string            `json:"name"`
	Legs  int               `json:"legs,omitempty"`
	Tags  []string          `json:"tags"`
	Extra map[string]any    `json:"extra,omitempty"`
	Next  *animal           `json:"next"`
	Color color             `json:"color"`
	skip  int
}

type color int

func (c color) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprintf("#%06x", int(c))) }
func (c *color) UnmarshalJSON(b []byte) error {
	_, err := fmt.Sscanf(string(b), `"#%06x"`, (*int)(c))
	return err
}

func main() {
	a := animal{Name: "cat", Legs: 4, Tags: []string{"x", "<y>"}, Next: &animal{Name: "kitten"}, Color: 0xff8800}
	b, err := json.Marshal(a)
	fmt.Println(string(b), err)
	var back animal
	err = json.Unmarshal(b, &back)
	fmt.Println(back.Name, back.Legs, back.Tags, back.Next.Name, int(back.Color), err)
	var v any
	err = json.Unmarshal([]byte(`{"a":[1,2.5,"x",null,true],"b":{"c":"\u00e9"}}`), &v)
	fmt.Println(v, err)
	err = json.Unmarshal([]byte(`{"name": 5}`), &back)
	fmt.Println(err)
	err = json.Unmarshal([]byte(`{"name": "x",}`), &back)
	fmt.Println(err)
	var out bytes.Buffer
	json.Indent(&out, []byte(`{"k":[1,2]}`), "", "  ")
	fmt.Println(out.String())

	e := base64.StdEncoding.EncodeToString([]byte("any carnal pleas"))
	d, _ := base64.StdEncoding.DecodeString(e)
	fmt.Println(e, string(d), hex.EncodeToString([]byte{1, 0xab}))
	var buf bytes.Buffer
	binary.Write(&buf, binary.BigEndian, struct {
		A uint16
		B int32
	}{1, -2})
	fmt.Println(buf.Bytes(), binary.LittleEndian.Uint32([]byte{1, 2, 0, 0}))
	rows, err := csv.NewReader(strings.NewReader("a,\"b,c\"\n1,2\n")).ReadAll()
	fmt.Println(rows, err)

	fs := flag.NewFlagSet("tool", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	n := fs.Int("n", 3, "count of `things`")
	name := fs.String("name", "x", "the name")
	fmt.Println(fs.Parse([]string{"-n=7", "--name", "joe", "rest"}), *n, *name, fs.Args())
	fmt.Println(fs.Parse([]string{"-bad"}))
	l := log.New(os.Stdout, "log: ", log.Lmsgprefix|log.Lshortfile)
	l.Printf("value %d", 5)

	x, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	fmt.Println(x.Mul(x, x), x.Mod(x, big.NewInt(97)), new(big.Int).Exp(big.NewInt(3), big.NewInt(100), nil))
	u, err := url.Parse("https://user@host:80/p/a%20th?q=1&r=b+c#frag")
	fmt.Println(u.Host, u.Path, u.Query()["r"], u.Fragment, err)
	fmt.Println(filepath.Join("a", "../b", "c"), filepath.Ext("x.tar.gz"), filepath.Base("/q/r"))
	m, _ := filepath.Match("*.g[o-p]", "main.go")
	fmt.Println(m)
}

/*
{"name":"cat","legs":4,"tags":["x","\u003cy\u003e"],"next":{"name":"kitten","tags":null,"next":null,"color":"#000000"},"color":"#ff8800"} <nil>
cat 4 [x <y>] kitten 16746496 <nil>
map[a:[1 2.5 x <nil> true] b:map[c:é]] <nil>
json: cannot unmarshal number into Go struct field animal.name of type string
invalid character '}' looking for beginning of object key string
{
  "k": [
    1,
    2
  ]
}
YW55IGNhcm5hbCBwbGVhcw== any carnal pleas 01ab
[0 1 255 255 255 254] 513
[[a b,c] [1 2]] <nil>
<nil> 7 joe [rest]
flag provided but not defined: -bad
Usage of tool:
  -n things
    	count of things (default 3)
  -name string
    	the name (default "x")
flag provided but not defined: -bad
data.go:78: log: value 5
85 85 515377520732011331036461129765621272702107522001
host:80 /p/a th [b c] frag <nil>
b/c .gz r
true
*/
