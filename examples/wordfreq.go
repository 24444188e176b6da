// run

// Counts words and prints the most frequent ones: maps, slices, closures, methods, a sort written by hand.
package main

const text = `the quick brown fox jumps over the lazy dog
the dog sleeps and the fox runs over the hill
a quick dog and a lazy fox`

type entry struct {
	word  string
	count int
}

type byCount []entry

func (s byCount) less(i, j int) bool {
	if s[i].count != s[j].count {
		return s[i].count > s[j].count
	}
	return s[i].word < s[j].word
}

func (s byCount) sort() {
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && s.less(j, j-1); j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

func words(s string, yield func(string)) {
	start := -1
	for i, r := range s {
		letter := r >= 'a' && r <= 'z'
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			yield(s[start:i])
			start = -1
		}
	}
	if start >= 0 {
		yield(s[start:])
	}
}

func main() {
	counts := map[string]int{}
	words(text, func(w string) { counts[w]++ })

	var list byCount
	for w, n := range counts {
		list = append(list, entry{w, n})
	}
	list.sort()
	for _, e := range list[:5] {
		println(e.count, e.word)
	}
}

// Output:
// 5 the
// 3 dog
// 3 fox
// 2 a
// 2 and
