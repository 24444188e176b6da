// Package panics is for panics that became errors: a recover clause of Goo's try statement, or Wait of a task, gets a
// panic as an error. What was no error is an *Error then; the stack at the place of the panic is kept for both.
package panics

import (
	"errors"
	"runtime"
)

// Error is a panic whose value was no error, or whose stack had to travel with it.
type Error struct {
	value any
	stack []uintptr // return addresses, innermost first
}

// Value is what was panicked with.
func (e *Error) Value() any { return e.value }

// Stack is where it was panicked.
func (e *Error) Stack() Stack { return expand(e.stack) }

// Error is the value as package fmt prints it.
func (e *Error) Error() string { return text(e.value) }

// Unwrap is the value if it is an error.
func (e *Error) Unwrap() error {
	err, _ := e.value.(error)
	return err
}

// Recovered makes an error of what recover returned, with the stack of the panic. The deferred function that called
// recover must call it before it returns. An *Error stays what it is.
func Recovered(value any) *Error {
	if e, ok := value.(*Error); ok {
		return e
	}
	return &Error{value, stackHere()}
}

// StackOf is the stack of the panic that became err, or an error that err wraps; nil if there was none. For errors
// other than *Error the running goroutine remembers it, for the last eight that it dealt with.
func StackOf(err error) Stack {
	var e *Error
	if errors.As(err, &e) {
		return e.Stack()
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if pcs := stackOf(err); pcs != nil {
			return expand(pcs)
		}
	}
	return nil
}

// Stack is a list of calls, innermost first, as runtime.Callers gives it.
type Stack []uintptr

// Frames gives function, file and line of each call.
func (s Stack) Frames() *runtime.Frames { return runtime.CallersFrames(s) }

// String lists the calls, each on two lines: function, and file with line.
func (s Stack) String() string {
	var b []byte
	frames := s.Frames()
	for more := len(s) > 0; more; {
		var f runtime.Frame
		f, more = frames.Next()
		b = appendFrame(b, &f)
	}
	return string(b)
}

func appendFrame(b []byte, f *runtime.Frame) []byte {
	b = append(b, f.Function...)
	b = append(b, "\n\t"...)
	b = append(b, f.File...)
	b = append(b, ':')
	b = appendInt(b, f.Line)
	return append(b, '\n')
}

func appendInt(b []byte, n int) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

// In runtime/try.c and runtime/errtrace.c:

// running is the value of the panic in progress.
func running() any

// runningStack is the stack of the panic in progress, for an Error that is made of it.
func runningStack() []uintptr

// stackHere is the stack of the panic that the caller's caller is deferred for, or that of the caller.
func stackHere() []uintptr

// stackOf is the stack of the panic that was recovered as err.
func stackOf(err error) []uintptr

// expand makes of return addresses what runtime.Callers gives: inlined calls have entries too.
func expand(pcs []uintptr) []uintptr

// renamed has what is known of err apply to outer, which wraps it.
func renamed(err, outer error)
