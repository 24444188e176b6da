package build

// Packages are chosen for gc: Goo takes the files that gc takes, and this package knows no other compiler than gc and gccgo.
//
//go:wraps
func defaultContext() Context {
	c := wrapped_defaultContext()
	c.Compiler = "gc"
	return c
}
