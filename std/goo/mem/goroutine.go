package mem

// Local returns the running goroutine's own allocator: the arena of a goroutine started with go @alloc(arena), which is
// released when it ends; otherwise the default heap.
func Local() Allocator {
	if a := local(); a != nil {
		return a
	}
	return (*Heap)(nil)
}

// WithBudget calls f. What f, and the goroutines that are started meanwhile, allocate must not exceed that many bytes:
// the allocation that would do so panics with a *LimitError. The default heap counts, in steps of a few KB, also
// for what is garbage again; arenas count until they are released. Budgets nest: what is allocated counts for all.
//
// A budget that was exceeded has a reserve of 256 KB from then on, for deferred functions and whoever recovers.
func WithBudget(bytes int64, f func()) {
	old := enterBudget(bytes)
	defer leaveBudget(old)
	f()
}

// BudgetLeft is how many bytes the running goroutine may still allocate.
func BudgetLeft() int64 { return budgetLeft() }

type budget struct{ opaque }

// In runtime/hooks/mem.c:

func local() *Arena
func enterBudget(bytes int64) *budget
func leaveBudget(old *budget)
func budgetLeft() int64
