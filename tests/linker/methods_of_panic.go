// panic
// The runtime prints a panic's value by its Error method, though this program has no interface with one.
package main

type failure struct{ code int }

func (f failure) Error() string { return "failed with code " + string(rune('0'+f.code)) }

func main() { panic(failure{7}) }

/*
failed with code 7
*/
