// About 1 GB of linked records stay alive, in random order, while short-lived ones are allocated and live ones are
// replaced: what a cache in memory does.
package main

type record struct {
	next *record
	name string
	data []byte
	id   int
}

const (
	chains = 1 << 16
	length = 100
	work   = 20000000
)

var seed uint64 = 1

func random() uint64 {
	seed ^= seed << 13
	seed ^= seed >> 7
	seed ^= seed << 17
	return seed
}

func newRecord(id int, next *record) *record {
	return &record{next, "record", make([]byte, 64), id}
}

var table [chains]*record
var scratch *record

func main() {
	for i := 0; i < chains*length; i++ {
		at := random() % chains
		table[at] = newRecord(i, table[at])
	}
	for i := 0; i < work; i++ {
		at := random() % chains
		if i%8 == 0 && table[at] != nil {
			table[at] = newRecord(i, table[at].next)
		} else {
			scratch = newRecord(i, nil)
		}
	}
	sum := 0
	for _, r := range table {
		for ; r != nil; r = r.next {
			sum += r.id & 1
		}
	}
	println(sum > 0)
}
