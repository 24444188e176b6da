// Package pprof is what programs see of Go's profiler. Goo's runtime takes no samples: profiles that a program fills
// itself work, those of the runtime are empty, and a profile of the processors cannot be started.
package pprof

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// A Profile is a collection of stacks, each with a value for which it was added.
type Profile struct {
	name string
	mu   sync.Mutex
	m    map[any][]uintptr
}

var profiles = struct {
	mu sync.Mutex
	m  map[string]*Profile
}{m: map[string]*Profile{}}

func init() {
	for _, name := range []string{"goroutine", "threadcreate", "heap", "allocs", "block", "mutex"} {
		profiles.m[name] = &Profile{name: name}
	}
}

// NewProfile makes a profile with a name that no other has; it panics if there is one.
func NewProfile(name string) *Profile {
	profiles.mu.Lock()
	defer profiles.mu.Unlock()
	if name == "" {
		panic("pprof: NewProfile with empty name")
	}
	if profiles.m[name] != nil {
		panic("pprof: NewProfile name already in use: " + name)
	}
	p := &Profile{name: name}
	profiles.m[name] = p
	return p
}

// Lookup returns the profile of that name, or nil.
func Lookup(name string) *Profile {
	profiles.mu.Lock()
	defer profiles.mu.Unlock()
	return profiles.m[name]
}

// Profiles returns all profiles, sorted by name.
func Profiles() []*Profile {
	profiles.mu.Lock()
	defer profiles.mu.Unlock()
	var all []*Profile
	for _, p := range profiles.m {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *Profile) int { return strings.Compare(a.name, b.name) })
	return all
}

// Name is the profile's name.
func (p *Profile) Name() string { return p.name }

// Count is the number of stacks in the profile.
func (p *Profile) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.m)
}

// Add adds the current stack for value, without the skip innermost calls. A value can be in a profile once.
func (p *Profile) Add(value any, skip int) {
	pcs := make([]uintptr, 32)
	pcs = pcs[:runtime.Callers(skip+2, pcs)]
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.m[value] != nil {
		panic("pprof: Profile.Add of duplicate value")
	}
	if p.m == nil {
		p.m = map[any][]uintptr{}
	}
	p.m[value] = pcs
}

// Remove removes value's stack.
func (p *Profile) Remove(value any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.m, value)
}

// WriteTo writes the profile as text.
func (p *Profile) WriteTo(w io.Writer, debug int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := fmt.Fprintf(w, "%s profile: total %d\n", p.name, len(p.m)); err != nil {
		return err
	}
	for _, pcs := range p.m {
		fmt.Fprintf(w, "1 @")
		for _, pc := range pcs {
			fmt.Fprintf(w, " %#x", pc)
		}
		fmt.Fprintln(w)
		for frames := runtime.CallersFrames(pcs); ; {
			f, more := frames.Next()
			fmt.Fprintf(w, "#\t%s\t%s:%d\n", f.Function, f.File, f.Line)
			if !more {
				break
			}
		}
	}
	return nil
}

// WriteHeapProfile writes the profile "heap".
func WriteHeapProfile(w io.Writer) error { return Lookup("heap").WriteTo(w, 0) }

// StartCPUProfile fails: there is no profile of the processors.
func StartCPUProfile(w io.Writer) error {
	return errors.New("pprof: profiles of the processors are not supported")
}

// StopCPUProfile stops what StartCPUProfile started.
func StopCPUProfile() {}

// A LabelSet is a set of labels.
type LabelSet struct {
	list [][2]string
}

type labelKey struct{}

// Labels makes a set of pairs of key and value.
func Labels(args ...string) LabelSet {
	if len(args)%2 != 0 {
		panic("uneven number of arguments to pprof.Labels")
	}
	var set LabelSet
	for i := 0; i < len(args); i += 2 {
		set.list = append(set.list, [2]string{args[i], args[i+1]})
	}
	return set
}

// WithLabels returns a context with these labels in addition to ctx's.
func WithLabels(ctx context.Context, labels LabelSet) context.Context {
	all := map[string]string{}
	ForLabels(ctx, func(key, value string) bool {
		all[key] = value
		return true
	})
	for _, l := range labels.list {
		all[l[0]] = l[1]
	}
	return context.WithValue(ctx, labelKey{}, all)
}

// Label returns the value of ctx's label key.
func Label(ctx context.Context, key string) (string, bool) {
	all, _ := ctx.Value(labelKey{}).(map[string]string)
	v, ok := all[key]
	return v, ok
}

// ForLabels calls f for each label of ctx until it returns false.
func ForLabels(ctx context.Context, f func(key, value string) bool) {
	all, _ := ctx.Value(labelKey{}).(map[string]string)
	for k, v := range all {
		if !f(k, v) {
			break
		}
	}
}

// SetGoroutineLabels has no effect: nothing that is sampled could carry the labels.
func SetGoroutineLabels(ctx context.Context) {}

// Do calls f with a context that has the labels.
func Do(ctx context.Context, labels LabelSet, f func(context.Context)) { f(WithLabels(ctx, labels)) }
