package caps

import "unsafe"

// A Token hands rights on. In the block of `with t { }` they are added to those of the goroutine. A token may be
// copied, kept and sent; all copies are one token.
type Token struct {
	rights unsafe.Pointer
	state  unsafe.Pointer
}

// An Option limits a token.
type Option struct{ ttl int64 }

// TTL has the token end after that time, a time.Duration.
func TTL[Duration ~int64](d Duration) Option { return Option{max(int64(d), 1)} }

// Delegate makes a token of what the running goroutine has of s.
func Delegate(s Set, options ...Option) Token { return newToken(current().Only(s), nil, options) }

// Derive makes a token for what t has of the rights. It ends with t.
func (t Token) Derive(right Right, options ...Option) Token {
	return newToken(Set{t.rights}.Only(right), t.state, options)
}

func newToken(s Set, parent unsafe.Pointer, options []Option) Token {
	ttl := int64(0)
	for _, o := range options {
		if ttl == 0 || o.ttl < ttl {
			ttl = o.ttl
		}
	}
	rights, state := token(s, parent, ttl)
	return Token{rights, state}
}

// Revoke ends the token, all its copies and what was derived from it, at once and for every goroutine: also in with
// blocks that have been entered. What has been opened stays open.
func (t Token) Revoke() {
	if t.state != nil {
		revoke(t.state)
	}
}

// Valid reports whether the token counts: it was neither revoked, nor is its time over.
func (t Token) Valid() bool { return t.state != nil && inForce(t.state) }

// Set is what the token hands on, as long as it counts.
func (t Token) Set() Set { return Set{t.rights} }

// String lists the rights.
func (t Token) String() string { return Set{t.rights}.String() }

// In runtime/hooks/caps.c:

func token(s Set, parent unsafe.Pointer, ttl int64) (rights, state unsafe.Pointer)
func revoke(state unsafe.Pointer)
func inForce(state unsafe.Pointer) bool
