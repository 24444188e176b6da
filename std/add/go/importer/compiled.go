package importer

import (
	"go/token"
	"go/types"
	"runtime"
)

// Goo writes no export data: what was compiled by it is imported from its source, unless the caller looks packages up.
//
//go:wraps
func ForCompiler(fset *token.FileSet, compiler string, lookup Lookup) types.Importer {
	if compiler == runtime.Compiler && lookup == nil {
		compiler = "source"
	}
	return wrapped_ForCompiler(fset, compiler, lookup)
}
