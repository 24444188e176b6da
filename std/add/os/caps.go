package os

import (
	"internal/rights"
	"syscall"
)

// Who may not read $PWD, or look whether it is right, gets the kernel's answer.
//
//go:wraps
func Getwd() (dir string, err error) {
	if rights.Whole(rights.FileRead) && rights.Whole(rights.EnvRead) {
		return wrapped_Getwd()
	}
	dir, err = syscall.Getwd()
	return dir, NewSyscallError("getwd", err)
}

// Who may not read $TMPDIR gets the default.
//
//go:wraps
func tempDir() string {
	if !rights.Whole(rights.EnvRead) && !rights.Has(rights.EnvRead, "TMPDIR") {
		return "/tmp"
	}
	return wrapped_tempDir()
}
