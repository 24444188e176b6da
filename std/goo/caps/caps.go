// Package caps is about capabilities: rights to reach what is outside of the program's memory. Every goroutine has a
// set of them, all to begin with, and hands it on to the goroutines it starts. Functions that touch a resource check
// it; the violation is a panic with an *Error.
//
// A goroutine's set only ever shrinks (Drop, restrict blocks, go @caps), unless somebody who has a right hands it over:
// as a Token, in whose with blocks it counts.
package caps

import (
	_ "goo/mem" // the panic of who exceeds memory.budget
	"internal/oserror"
	"unsafe"
)

// A Set is a set of capabilities, each for all resources or for some. The zero Set is empty. Sets are never changed
// and may be shared.
type Set struct{ rights unsafe.Pointer }

// A Right is a capability, or a set of them.
type Right interface{ set() Set }

// A Capability stands for the right to all resources of some kind, or of several. Those that may be limited to some
// resources are functions as well: FileRead("/srv").
type Capability uint32

func (c Capability) set() Set { return grants(uint32(c)) }
func (s Set) set() Set        { return s }

// String is the capability's name, or those of its parts.
func (c Capability) String() string { return grants(uint32(c)).String() }

// Current is the set of the running goroutine.
func Current() Set { return current() }

// Has reports whether the running goroutine has the rights.
func Has(rights ...Right) bool {
	for _, r := range rights {
		if c, ok := r.(Capability); ok && missing()&uint32(c) == 0 {
			continue
		}
		if !covers(current(), r.set()) {
			return false
		}
	}
	return true
}

// Check panics with an *Error unless the running goroutine has the right. It is for packages that give access to
// resources of their own.
func Check(right Right) {
	if c, ok := right.(Capability); ok && missing()&uint32(c) == 0 {
		return
	}
	check(right.set())
}

// Missing is 0 if the running goroutine has all of c for every resource, and nobody audits: the whole check then, and
// less than a nanosecond. Otherwise Check decides.
func Missing(c Capability) Capability { return Capability(missing()) & c }

// Drop gives up the rights for the rest of the goroutine's life; goroutines that it has started keep theirs.
func Drop(rights ...Right) { drop(Union(rights...)) }

// Union is the set of all these rights.
func Union(rights ...Right) Set {
	var all Set
	for i, r := range rights {
		if s := r.set(); i == 0 {
			all = s
		} else {
			all = combine(opOr, all, s)
		}
	}
	return all
}

// Only is what s has of the rights.
func (s Set) Only(rights ...Right) Set { return combine(opAnd, s, Union(rights...)) }

// Without is s without the rights.
func (s Set) Without(rights ...Right) Set { return combine(opExcept, s, Union(rights...)) }

// Has reports whether s has the right.
func (s Set) Has(right Right) bool { return covers(s, right.set()) }

// String lists the capabilities as Parse reads them, with two exceptions: what narrows a capability twice is written
// with &, and what a token adds with |.
func (s Set) String() string { return text(s) }

// Parse reads a list of capabilities: `file.read("/srv"), network`. Those with a minus are left out: `all, -network`.
func Parse(list string) (Set, error) {
	s, mistake := parse(list)
	if mistake != "" {
		return Set{}, &parseError{list, mistake}
	}
	return s, nil
}

type parseError struct{ list, mistake string }

func (e *parseError) Error() string { return "caps: cannot read " + e.list + ": " + e.mistake }

// An Error is the panic of an operation that the running goroutine has not the right to. errors.Is(err,
// fs.ErrPermission) holds.
type Error struct {
	Cap      Capability // what is missing
	Op       string     // "open"
	Resource string     // "/etc/passwd"; empty: nothing in particular
}

func (e *Error) Error() string {
	s := e.Op
	if e.Resource != "" {
		s += " " + e.Resource
	}
	return s + ": needs capability " + e.Cap.String()
}

// Is reports whether target is fs.ErrPermission.
func (e *Error) Is(target error) bool { return target == oserror.ErrPermission }

// scoped is the right to the resources that the texts name; to all without any.
func scoped(c Capability, scopes []string) Set {
	if len(scopes) == 0 {
		return grants(uint32(c))
	}
	var all Set
	for i, scope := range scopes {
		s, mistake := grant(uint32(c), scope)
		if mistake != "" {
			panic(&parseError{c.String() + "(" + scope + ")", mistake})
		}
		if i == 0 {
			all = s
		} else {
			all = combine(opOr, all, s)
		}
	}
	return all
}

// deny is called by the runtime.
func deny(cap int, op, resource string) { panic(&Error{1 << cap, op, resource}) }

// In runtime/hooks/caps.c:

const (
	opAnd = iota
	opOr
	opExcept
)

func grants(capabilities uint32) Set
func grant(capability uint32, scope string) (s Set, mistake string)
func combine(op int, a, b Set) Set
func current() Set
func missing() uint32
func covers(s, wanted Set) bool
func check(wanted Set)
func drop(s Set)
func text(s Set) string
func parse(list string) (s Set, mistake string)
