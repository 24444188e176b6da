package caps

// What compiled code calls for restrict blocks and go @caps (ir/lower_rights.c); and grants, without any scope.

// addScope is s and each of the capabilities for one resource.
func addScope(s Set, capabilities uint32, scope string) Set {
	for bit := uint32(1); bit <= capabilities; bit <<= 1 {
		if capabilities&bit != 0 {
			s = combine(opOr, s, scoped(Capability(bit), []string{scope}))
		}
	}
	return s
}

// addRight is s and r.
func addRight(s Set, r Right) Set { return combine(opOr, s, r.set()) }
