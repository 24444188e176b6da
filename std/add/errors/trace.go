package errors

import "runtime"

// Trace returns the places where err, or an error that it wraps, was passed on with Goo's f()?, innermost first.
//
// The running goroutine remembers them for the last eight errors that it passed on, and 24 places of each: the first
// 16 and the last 8. An error value that stands for many failures, such as io.EOF, has the places of the last one.
func Trace(err error) []runtime.Frame {
	pcs := appendTrace(nil, err)
	if len(pcs) == 0 {
		return nil
	}
	list := make([]runtime.Frame, 0, len(pcs))
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		list = append(list, f)
		if !more {
			return list
		}
	}
}

func appendTrace(pcs []uintptr, err error) []uintptr {
	switch x := err.(type) {
	case nil:
		return pcs
	case interface{ Unwrap() error }:
		pcs = appendTrace(pcs, x.Unwrap())
	case interface{ Unwrap() []error }:
		for _, e := range x.Unwrap() {
			pcs = appendTrace(pcs, e)
		}
	}
	return append(pcs, trace(err)...)
}

// trace returns the places that err itself passed. It is in runtime/errtrace.c.
func trace(err error) []uintptr
