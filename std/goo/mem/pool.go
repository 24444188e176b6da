package mem

import "unsafe"

// Pool allocates values of type T one by one, and takes them back one by one. It grows when it is full. Many goroutines
// may use it at once: each processor has free slots of its own, so there is no lock in the usual case.
//
//	c := new(Conn) @ pool
//	pool.Free(c)
//
// A slot is only ever used for values of type T: a pointer to a freed one refers to a value of its type, though perhaps
// to another one.
type Pool[T any] struct{ p *pool }

// PoolOptions are for NewPool.
type PoolOptions struct {
	Initial int // values it has room for at once

	// Debug finds uses of freed values: each has pages of its own, at least 8 KB, which become inaccessible when it
	// is freed. An access panics with a *UseAfterFree.
	Debug bool
}

type pool struct{ opaque }

// NewPool returns an empty pool.
func NewPool[T any](options ...PoolOptions) *Pool[T] {
	var o PoolOptions
	if len(options) > 0 {
		o = options[0]
	}
	return &Pool[T]{newPool((*T)(nil), o.Initial, o.Debug)}
}

// Get returns a zero value, as new(T) @ p does.
func (p *Pool[T]) Get() *T { return (*T)(poolGet(p.p)) }

// Free gives a value back. It panics if x is not a value of the pool, or was given back already.
func (p *Pool[T]) Free(x *T) {
	if err := poolFree(p.p, unsafe.Pointer(x)); err != 0 {
		badFree(err)
	}
}

// Alloc makes a pool an Allocator; t must be T, and size that of one value.
func (p *Pool[T]) Alloc(size uintptr, t *Type) unsafe.Pointer {
	if !poolHas(p.p, t) || size != t.Size() {
		panic(misuse("allocation of " + t.String() + " in a pool for another type"))
	}
	return poolGet(p.p)
}

func badFree(err int) {
	if err == 2 {
		panic(misuse("Free of a value that was freed already"))
	}
	panic(misuse("Free of a pointer that is not of this pool"))
}

// In runtime/hooks/mem.c:

func newPool(pointer any, initial int, debug bool) *pool
func poolGet(p *pool) unsafe.Pointer
func poolHas(p *pool, t *Type) bool
func poolFree(p *pool, x unsafe.Pointer) int
