package task

import (
	"goo/panics"
	"sync"
	"sync/atomic"
)

// A lost is the panic of a task that nobody has waited for yet.
type lost struct {
	err   *panics.Error
	found atomic.Bool // somebody has
	next  *lost
}

// maxLost is how many are kept for the end of the program; more are reported at once.
const maxLost = 100

var losses struct {
	lock sync.Mutex
	list *lost // the last one first
	n    int
}

func lose(err *panics.Error) *lost {
	losses.lock.Lock()
	defer losses.lock.Unlock()
	if losses.n >= maxLost {
		forgetFound()
	}
	if losses.n >= maxLost {
		report(err)
		return nil
	}
	l := &lost{err: err, next: losses.list}
	losses.list = l
	losses.n++
	return l
}

func forgetFound() {
	for p := &losses.list; *p != nil; {
		if (*p).found.Load() {
			*p = (*p).next
			losses.n--
		} else {
			p = &(*p).next
		}
	}
}

func report(err *panics.Error) {
	print("panic in a task that nobody waited for: " + err.Error() + "\n" + err.Stack().String() + "\n")
}

// reportLost reports the panics that nobody waited for; true: there were some. The runtime calls it when the program
// ends.
func reportLost() bool {
	losses.lock.Lock()
	forgetFound()
	var oldest *lost
	for l := losses.list; l != nil; {
		next := l.next
		l.next, oldest, l = oldest, l, next
	}
	losses.list, losses.n = nil, 0
	losses.lock.Unlock()
	for l := oldest; l != nil; l = l.next {
		report(l.err)
	}
	return oldest != nil
}
