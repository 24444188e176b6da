package panics

import "errors"

// What compiled code calls (ir/lower_try.c) and, where it says so, the runtime.

// thrown is the panic in progress as recover clauses see it.
func thrown() error {
	value := running()
	if err, ok := value.(error); ok {
		return err
	}
	return &Error{value, runningStack()}
}

// matches decides a clause that recovers a value.
func matches(err, target error) bool { return errors.Is(err, target) }

// find is what a clause that recovers a type gets: the first error in err's tree that is a T, or that an As method
// there gives, in the order of errors.As; nil if there is none.
func find[T any](err error) error {
	for err != nil {
		if _, ok := err.(T); ok {
			return err
		}
		if x, ok := err.(interface{ As(any) bool }); ok {
			var t T
			if x.As(&t) {
				if e, ok := any(t).(error); ok {
					return e
				}
			}
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if found := find[T](e); found != nil {
					return found
				}
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

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
