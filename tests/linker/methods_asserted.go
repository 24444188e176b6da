// run
// Methods that only an assertion to an interface can reach are kept: by name and type, whoever declares them.
package main

type inner struct{ n int }

func (i inner) Get() int     { return i.n }
func (i inner) hidden() int  { return i.n + 1 }
func (i inner) unused() bool { return false }

type Outer struct{ inner }

func (o *Outer) Set(n int) { o.n = n }

var values = []any{inner{1}, Outer{inner{2}}, &Outer{inner{3}}, 4}

func main() {
	for _, v := range values {
		if s, ok := v.(interface{ Set(int) }); ok {
			s.Set(30)
		}
		if g, ok := v.(interface {
			Get() int
			hidden() int
		}); ok {
			println(g.Get(), g.hidden())
		}
		_, wrong := v.(interface{ Get() string })
		println(wrong)
	}
}

/*
1 2
false
2 3
false
30 31
false
false
*/
