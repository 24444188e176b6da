package testing

// isTest tells whether goo test made the program.
func isTest() bool

// Testing reports whether the running program is one of goo test's.
func Testing() bool { return isTest() }
