// Package rights is what Go's library asks about capabilities where it gives out something that is no system call, or
// has to use more than its caller may. Programs use package goo/caps.
package rights

import "unsafe"

// The numbers of capabilities, as in runtime/caps.def.
const (
	FileRead = iota
	FileWrite
	NetworkConnect
	NetworkListen
	ProcessExec
	ProcessSignal
	EnvRead
	EnvWrite
	MemoryRaw
	MemoryBudget
	TimeSet
	SignalHandle
	Device
	System
	FFI
)

// Whole reports whether the running goroutine has the capability for all resources and nobody audits: there is
// nothing to check.
func Whole(cap int) bool

// Need panics with a *caps.Error unless the running goroutine has the right.
func Need(cap int, op, resource string)

// Has reports whether it has, without telling anybody.
func Has(cap int, resource string) bool

// May reports whether it has the capability for some resources at least.
func May(cap int) bool

// NeedHost and HasHost are the same for host:port.
func NeedHost(cap int, op, address string)
func HasHost(cap int, address string) bool

// HasName reports whether it may reach the host by that name, at some port or other. Whoever has the right to addresses
// may look up any name, to see what it leads to.
func HasName(host string) bool

// A Set is the set of rights that was in force before.
type Set struct{ set unsafe.Pointer }

// Raise adds all of the capability to the running goroutine's rights, for work of the library that calls no function of
// the program. Restore ends that.
func Raise(caps ...int) Set {
	mask := uint32(0)
	for _, c := range caps {
		mask |= 1 << c
	}
	return raise(mask)
}

// RaiseTo adds the rights that the list describes, as caps.Parse reads it.
func RaiseTo(list string) Set { return raiseTo(list) }

// Restore puts the set in force again.
func Restore(s Set) { restore(s) }

// Hosts are addresses that names have been resolved to, for who has the right, NetworkConnect or NetworkListen, to the
// names.
type Hosts struct {
	Cap  int
	list unsafe.Pointer
}

// RaiseToHosts adds the right to what is in h, and to what will be.
func RaiseToHosts(h *Hosts) (before Set) {
	h.list, before = raiseToHosts(h.Cap)
	return before
}

// Add adds host:port to h.
func (h *Hosts) Add(address string) { addHost(h.list, h.Cap, address) }

func raise(mask uint32) Set
func raiseTo(list string) Set
func raiseToHosts(cap int) (list unsafe.Pointer, before Set)
func addHost(list unsafe.Pointer, cap int, address string)
func restore(s Set)

// Keep returns f as a function that runs with the rights of the running goroutine, whoever calls it.
func Keep(f func()) func() {
	set, limited := current()
	if !limited {
		return f
	}
	return func() {
		defer restore(exchange(set))
		f()
	}
}

func current() (s Set, limited bool)
func exchange(s Set) (before Set)
