package caps

// What compiled code calls for restrict blocks, go @caps (ir/lower_rights.c) and @allow (ir/lower_allow.c); and grants, without any scope.

// addScope is s and each of the capabilities for one resource.
func addScope(s Set, capabilities uint32, scope string) Set {
	for bit := uint32(1); bit <= capabilities; bit <<= 1 {
		if capabilities&bit != 0 {
			s = combine(opOr, s, scoped(Capability(bit), []string{scope}))
		}
	}
	return s
}

// allowed is the set that the list of an import's @allow describes, kept once it was made.
func allowed(list string, kept *Set) Set {
	if kept.rights == nil {
		s, mistake := parse(list)
		if mistake != "" {
			panic(&parseError{list, mistake})
		}
		*kept = s
	}
	return *kept
}

// addRight is s and r.
func addRight(s Set, r Right) Set { return combine(opOr, s, r.set()) }
