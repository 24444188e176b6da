// run

// go/importer: what Goo compiles is imported from its source.
package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"runtime"
)

const source = `package p

import ("errors"; "unsafe")

var err = errors.New("e")
var size = unsafe.Sizeof(err)
`

// goroot is where the library came from: the folder of src/go/build/build.go.
func goroot() string {
	pc := reflect.ValueOf(build.Import).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	return filepath.Join(filepath.Dir(file), "../../..")
}

func main() {
	build.Default.GOROOT = goroot()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		panic(err)
	}
	for _, i := range []types.Importer{importer.Default(), importer.ForCompiler(fset, runtime.Compiler, nil)} {
		config := types.Config{Importer: i}
		pkg, err := config.Check("p", fset, []*ast.File{f}, nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(pkg.Scope().Lookup("err"), pkg.Scope().Lookup("size"))
	}
}

/*
var p.err error var p.size uintptr
var p.err error var p.size uintptr
*/
