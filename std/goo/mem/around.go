package mem

import (
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Fixed allocates from one block of memory, and panics with a *LimitError when that is full.
type Fixed struct{ Arena }

// NewFixed returns an allocator over a block of that many bytes.
func NewFixed(bytes int) *Fixed { return &Fixed{Arena{newRecord(bytes, int64(bytes), fixed)}} }

// Secret is an arena whose memory is locked, so that it is never written to a disk, left out of core dumps, and wiped
// when it is released or collected. Allocating panics if the system allows no more locked memory.
type Secret struct{ Arena }

// NewSecret returns an empty one.
func NewSecret() *Secret { return &Secret{Arena{newRecord(0, 0, secret)}} }

const (
	fixed  = 2 // as in runtime/mem/arena.h
	secret = 4
)

// Limit is a quota around another allocator. Many goroutines may use it.
type Limit struct {
	of   Allocator
	max  int64
	used atomic.Int64
}

// NewLimit returns an allocator that hands out at most that many bytes of another one, nil for the default heap.
func NewLimit(of Allocator, bytes int64) *Limit { return &Limit{of: of, max: bytes} }

// Alloc allocates from the other allocator, or panics with a *LimitError.
func (l *Limit) Alloc(size uintptr, t *Type) unsafe.Pointer {
	if used := l.used.Add(int64(size)); used > l.max {
		l.used.Add(-int64(size))
		panic(&LimitError{l.max, used - int64(size), int64(size)})
	}
	return allocFrom(l.of, size, t)
}

// Used is how many bytes were handed out since the last Reset.
func (l *Limit) Used() int64 { return l.used.Load() }

// Reset starts to count anew: after the other allocator was reset.
func (l *Limit) Reset() { l.used.Store(0) }

func allocFrom(a Allocator, size uintptr, t *Type) unsafe.Pointer {
	if a == nil {
		return heapAlloc(size, t)
	}
	return a.Alloc(size, t)
}

// Tracking counts what another allocator hands out, by place in the source. Many goroutines may use it.
type Tracking struct {
	of    Allocator
	lock  sync.Mutex
	stats TrackingStats
	live  map[uintptr]tracked
}

type tracked struct {
	size int64
	pc   uintptr
}

// TrackingStats are the figures of a Tracking.
type TrackingStats struct {
	Allocations int64 // ever
	Bytes       int64 // ever
	Live        int64 // bytes that were not told to be free
	Peak        int64 // the most that were ever live
}

// Site is a place in the source, and what was allocated there and not told to be free.
type Site struct {
	Frame   runtime.Frame
	Objects int64
	Bytes   int64
}

// NewTracking returns an allocator that counts what another one hands out, nil for the default heap.
func NewTracking(of Allocator) *Tracking {
	return &Tracking{of: of, live: map[uintptr]tracked{}}
}

// Alloc allocates from the other allocator.
func (t *Tracking) Alloc(size uintptr, typ *Type) unsafe.Pointer {
	p := allocFrom(t.of, size, typ)
	pc := allocationSite()
	t.lock.Lock()
	defer t.lock.Unlock()
	t.stats.Allocations++
	t.stats.Bytes += int64(size)
	t.stats.Live += int64(size)
	t.stats.Peak = max(t.stats.Peak, t.stats.Live)
	t.live[uintptr(p)] = tracked{int64(size), pc}
	return p
}

// Free tells that the object that p points to is not needed any more. It does not free it.
func (t *Tracking) Free(p unsafe.Pointer) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if old, ok := t.live[uintptr(p)]; ok {
		t.stats.Live -= old.size
		delete(t.live, uintptr(p))
	}
}

// Reset tells that none of the objects is needed any more: the other allocator was reset.
func (t *Tracking) Reset() {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.stats.Live = 0
	clear(t.live)
}

// Stats returns the figures.
func (t *Tracking) Stats() TrackingStats {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.stats
}

// Leaks lists where the objects come from that were not told to be free, most bytes first.
func (t *Tracking) Leaks() []Site {
	t.lock.Lock()
	defer t.lock.Unlock()
	sums := map[uintptr]*Site{}
	var sites []*Site
	for _, o := range t.live {
		s := sums[o.pc]
		if s == nil {
			s = &Site{Frame: frameOf(o.pc)}
			sums[o.pc] = s
			sites = append(sites, s)
		}
		s.Objects++
		s.Bytes += o.size
	}
	sort.Slice(sites, func(i, j int) bool {
		a, b := sites[i], sites[j]
		return a.Bytes > b.Bytes || (a.Bytes == b.Bytes && a.Frame.PC < b.Frame.PC)
	})
	list := make([]Site, len(sites))
	for i, s := range sites {
		list[i] = *s
	}
	return list
}

// In runtime/hooks/mem.c:

// allocationSite is the call, as a return address, that the allocation was made by.
func allocationSite() uintptr
