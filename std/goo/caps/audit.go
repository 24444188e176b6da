package caps

// An Event is one use of a capability.
type Event struct {
	Cap      Capability
	Op       string // "open"
	Resource string // "/etc/passwd"; empty: nothing in particular
	Function string // the innermost caller that is not in Go's or Goo's library
	File     string
	Line     int
	Allowed  bool
}

// Audit has f called for every use of a capability, by the goroutine that uses it and before it does; nil ends that.
// What f itself uses is not told. There is one such function; the last call counts. The environment variable
// GOO_CAPS_AUDIT names a file that gets the same as JSON lines.
//
// Only a goroutine that has all rights may audit.
func Audit(f func(Event)) {
	Check(All)
	audit(f)
}

// audited is called by the runtime.
func audited(f func(Event), cap int, op, resource, function, file string, line int, allowed bool) {
	defer auditEnds()
	f(Event{1 << cap, op, resource, function, file, line, allowed})
}

// In runtime/hooks/caps.c:

func audit(f func(Event))
func auditEnds()
