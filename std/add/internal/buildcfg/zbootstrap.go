package buildcfg

import "runtime"

// What Go's own build writes into this package: the settings in force where the environment has none.
const (
	defaultGOOS   = runtime.GOOS
	defaultGOARCH = runtime.GOARCH

	defaultGO386     = "softfloat"
	defaultGOAMD64   = "v1"
	defaultGOARM     = "7"
	defaultGOARM64   = "v8.0"
	defaultGOMIPS    = "hardfloat"
	defaultGOMIPS64  = "hardfloat"
	defaultGOPPC64   = "power8"
	defaultGORISCV64 = "rva20u64"

	defaultGOEXPERIMENT       = ""
	defaultGO_EXTLINK_ENABLED = ""
	defaultGO_LDSO            = ""

	version = "go1.23"
)
