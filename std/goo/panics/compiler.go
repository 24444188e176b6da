package panics

import "errors"

// What compiled code calls (ir/lower_try.c) and, where it says so, the runtime.

// thrown is the panic in progress as recover clauses see it.
func thrown() error {
	value, stack := running()
	if err, ok := value.(error); ok {
		return err
	}
	return &Error{value, stack}
}

// matches decides a clause that recovers a value.
func matches(err, target error) bool { return errors.Is(err, target) }

// contextError is an error passed on with f()? "context".
type contextError struct {
	text string
	err  error
}

func (e *contextError) Error() string { return e.text }
func (e *contextError) Unwrap() error { return e.err }

// withContext makes the error of f()? "context".
func withContext(context string, err error) error {
	outer := &contextError{context + ": " + err.Error(), err}
	renamed(err, outer)
	return outer
}

// history is what a report of err adds: the positions of the ? that passed it on, and the stack of the panic that it
// was. The runtime calls it for errors that end the program.
func history(err error) string {
	var b []byte
	if trace := errors.Trace(err); len(trace) > 0 {
		b = append(b, "\nreturn trace:\n"...)
		for i := range trace {
			b = appendFrame(b, &trace[i])
		}
	}
	if stack := StackOf(err); stack != nil {
		b = append(b, "\nfirst panicked at:\n"...)
		b = append(b, stack.String()...)
	}
	return string(b)
}
