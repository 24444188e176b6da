package mem

import "unsafe"

// Arena allocates by moving a pointer and releases everything at once. The zero value is an empty arena.
//
// Goroutines may allocate from one arena at the same time; it is fast for the one that made it. Memory that is not
// released explicitly is collected when nothing refers to it.
type Arena struct{ rec *record }

// ArenaOptions are for NewArena.
type ArenaOptions struct {
	Size  int   // bytes of the first chunk; 0: a few KB
	Limit int64 // bytes that it may hold; beyond, allocating panics with a *LimitError; 0: no limit
}

// record is the RtArena of runtime/mem/arena.h: its size, and what of it is a pointer. Arena blocks have one in the frame
// of their function, where they can.
type record struct {
	lanes   [2]lane
	owner   uintptr
	shared  [2]lane
	current [2][2]uintptr
	chunks  uintptr
	marks   unsafe.Pointer
	budget  unsafe.Pointer
	rest    [9]uintptr
}

type lane struct {
	next unsafe.Pointer
	end  uintptr
}

// NewArena returns an empty arena.
func NewArena(options ...ArenaOptions) *Arena {
	var o ArenaOptions
	if len(options) > 0 {
		o = options[0]
	}
	return &Arena{newRecord(o.Size, o.Limit, 0)}
}

func (a *Arena) record() *record {
	if a.rec == nil {
		a.rec = newRecord(0, 0, 0)
	}
	return a.rec
}

// Alloc allocates size bytes for values of type t.
func (a *Arena) Alloc(size uintptr, t *Type) unsafe.Pointer {
	if a == nil {
		return heapAlloc(size, t)
	}
	return arenaAlloc(a.record(), size, t)
}

// Free releases everything in the arena, which can not be used any more. Another Free does nothing.
func (a *Arena) Free() { arenaRelease(a.record(), true, false) }

// Reset releases everything in the arena, which is empty then.
func (a *Arena) Reset() { arenaRelease(a.record(), false, false) }

// What the compiler calls instead where it has proved that nothing leads to the arena's memory any more: that is used
// again at once.

func (a *Arena) freeProven()  { arenaRelease(a.record(), true, true) }
func (a *Arena) resetProven() { arenaRelease(a.record(), false, true) }

// Mark is a point in the life of an arena, for Rewind.
type Mark struct{ m unsafe.Pointer }

// Mark returns the present point. What is allocated from now on lies in pages of its own, so that Rewind can release it.
func (a *Arena) Mark() Mark { return Mark{arenaMark(a.record())} }

// Rewind releases what was allocated since m. It panics if m is not a mark of this arena, or was made behind one that
// was rewound to.
func (a *Arena) Rewind(m Mark) {
	if !arenaRewind(a.record(), m.m) {
		panic(misuse("Rewind to a mark that the arena does not have"))
	}
}

// ArenaStats tell what an arena holds.
type ArenaStats struct {
	Allocated int64 // bytes of its objects
	Held      int64 // bytes of its chunks
	Chunks    int
}

// Stats tells what the arena holds.
func (a *Arena) Stats() ArenaStats {
	if a.rec == nil {
		return ArenaStats{}
	}
	return arenaStats(a.rec)
}

// In runtime/hooks/mem.c:

func newRecord(first int, limit int64, flags int) *record // flags: RtArenaFlag

//go:noescape
func arenaAlloc(r *record, size uintptr, t *Type) unsafe.Pointer

//go:noescape
func arenaRelease(r *record, forEver, proven bool)

//go:noescape
func arenaMark(r *record) unsafe.Pointer

//go:noescape
func arenaRewind(r *record, m unsafe.Pointer) bool

//go:noescape
func arenaStats(r *record) ArenaStats
