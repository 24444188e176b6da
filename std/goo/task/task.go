// Package task is about goroutines whose results somebody waits for. In Goo, go f(x) as a value starts one:
//
//	t := go fetch(url)
//	body := t.Wait()?
//
// A panic in such a goroutine does not end the program: Wait delivers it as an error. Panics of tasks that nobody
// waited for are reported when the program ends.
package task

import (
	"errors"
	"goo/panics"
	"unsafe"
)

// Of is a goroutine that will have a result of type T, and perhaps an error.
type Of[T any] struct {
	value    T
	err      error
	done     chan struct{}
	returned bool           // the function did; otherwise it panicked or called runtime.Goexit
	history  unsafe.Pointer // what the goroutine remembered of its errors (runtime/errtrace.c)
	lost     *lost          // the panic, until somebody waited
}

// ErrExited is the error of a task whose goroutine called runtime.Goexit.
var ErrExited = errors.New("task: the goroutine has exited")

// Go calls f in a new goroutine. It is what go f() as a value does; when f is called with arguments or has other
// results, the compiler makes a function of the call.
func Go[T any](f func() (T, error)) *Of[T] {
	t := &Of[T]{done: make(chan struct{})}
	go t.run(f)
	return t
}

// GoArena is Go for go @alloc(arena) f() as a value: while f is called, the goroutine has an arena of its own. That is
// released before anybody learns that the task has ended, so a result that lies in it can not be used.
func GoArena[T any](f func() (T, error)) *Of[T] {
	at := goStatement()
	return Go(func() (T, error) {
		arena := enterArena()
		defer leaveArena(arena, at)
		return f()
	})
}

func (t *Of[T]) run(f func() (T, error)) {
	defer t.end()
	t.value, t.err = f()
	t.returned = true
}

// end is deferred: it ends a panic.
func (t *Of[T]) end() {
	if v := recover(); v != nil {
		err := panics.Recovered(v)
		t.err = err
		t.lost = lose(err)
	} else if !t.returned {
		t.err = ErrExited
	} else if t.err != nil {
		t.history = takeHistory()
	}
	close(t.done)
}

// Wait waits until the task has ended and returns what its function returned. If that panicked, the error is a
// *panics.Error with the panic's stack, which also stands for the panic's value if that is an error. Any number of
// goroutines may wait, any number of times.
func (t *Of[T]) Wait() (T, error) {
	<-t.done
	if t.lost != nil {
		t.lost.found.Store(true)
	}
	for err := t.err; err != nil && t.history != nil; err = errors.Unwrap(err) {
		inherit(t.history, err)
	}
	return t.value, t.err
}

// Done is closed when the task has ended.
func (t *Of[T]) Done() <-chan struct{} { return t.done }

// takeHistory takes away what the goroutine, which is ending, remembers of errors.
func takeHistory() unsafe.Pointer

// inherit has the goroutine remember what history tells of err.
func inherit(history unsafe.Pointer, err error)

// In runtime/mem/local.c:

type arena struct{ _ [0]func() }

func goStatement() uintptr // as a return address
func enterArena() *arena
func leaveArena(a *arena, at uintptr)
