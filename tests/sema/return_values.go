// errorcheck

package p

func a() (int, string) {
	return 1 // ERROR "not enough return values\n\thave \(number\)\n\twant \(int, string\)"
}

func b() {
	return 1 // ERROR "too many return values"
}

func c() (x int, err error) {
	{
		err := error(nil)
		_ = err
		return // ERROR "result parameter err not in scope at return\n\t.*:15:3: inner declaration of var err error"
	}
}

func d() int {
	return // ERROR "not enough return values\n\thave \(\)\n\twant \(int\)"
}

func e() (int, error) { return f() }
func f() (int, error) { return 0, nil }
