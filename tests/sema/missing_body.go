// errorcheck

package p

func noBody() // ERROR "missing function body"
