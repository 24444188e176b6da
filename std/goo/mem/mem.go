// Package mem is about where memory comes from. In Goo, an allocating expression may say so:
//
//	p := &Node{left, right} @ a
//
// a is an Allocator: an Arena, a Pool, one of the others of this package, or a type of the program's own. What is
// allocated without @ comes from the default heap, which is garbage collected.
//
// No program that keeps to the language without package unsafe reads memory that was released: an access panics with a
// *UseAfterFree.
package mem

import "unsafe"

// Allocator is what may stand behind @.
type Allocator interface {
	// Alloc returns size bytes for values of type t, zeroed and aligned to eight bytes. It panics if it has none.
	// What the memory holds must be seen by the collector if t has pointers: it is part of the default heap, or of
	// an Arena.
	Alloc(size uintptr, t *Type) unsafe.Pointer
}

// Type is the type of what is allocated: for slices, that of the elements.
type Type struct{ opaque }

type opaque struct{ _ [0]func() }

// Size is the bytes of one value.
func (t *Type) Size() uintptr { return typeSize(t) }

// Align is the bytes that addresses of such values are a multiple of.
func (t *Type) Align() int { return typeAlign(t) }

// HasPointers tells whether such values can hold pointers.
func (t *Type) HasPointers() bool { return typePointers(t) }

// String is the type as package fmt prints it with %T; empty for memory of the runtime's own, such as tables of maps.
func (t *Type) String() string { return typeString(t) }

// Heap is the default heap, for where an Allocator is asked for. Its zero value, and a nil *Heap, are ready to use.
type Heap struct{}

// Alloc allocates from the default heap.
func (*Heap) Alloc(size uintptr, t *Type) unsafe.Pointer { return heapAlloc(size, t) }

// In runtime/hooks/mem.c:

func typeSize(t *Type) uintptr
func typeAlign(t *Type) int
func typePointers(t *Type) bool
func typeString(t *Type) string
func heapAlloc(size uintptr, t *Type) unsafe.Pointer
