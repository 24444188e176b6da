package task

// Pair is the result of a task whose function has two results besides the error.
type Pair[A, B any] struct {
	A A
	B B
}

// Values are the two results: a, b := t.Wait()?.Values()
func (p Pair[A, B]) Values() (A, B) { return p.A, p.B }

// Triple is the result of a task whose function has three results besides the error.
type Triple[A, B, C any] struct {
	A A
	B B
	C C
}

// Values are the three results.
func (t Triple[A, B, C]) Values() (A, B, C) { return t.A, t.B, t.C }
