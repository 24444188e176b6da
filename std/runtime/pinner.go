package runtime

// A Pinner keeps objects where they are, for code that holds their addresses outside of what the collector looks at.
// Goo moves no object, so all that there is to do is to keep them from being freed. The zero Pinner has none.
// Not safe for use by several goroutines at once.
type Pinner struct {
	*pins
}

type pins struct {
	objects []any
}

// Pin keeps the object that pointer, of any pointer type or unsafe.Pointer, leads to until Unpin is called. The
// Pinner must not be forgotten before that: the program ends with a panic if it is. Panics for what is no pointer.
func (p *Pinner) Pin(pointer any) {
	if pointer == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if !isPointer(pointer) {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + typeString(pointer)))
	}
	if p.pins == nil {
		p.pins = new(pins)
		SetFinalizer(p.pins, func(forgotten *pins) {
			if len(forgotten.objects) > 0 {
				panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin?"))
			}
		})
	}
	p.objects = append(p.objects, pointer)
}

// Unpin lets go of all objects of the Pinner, which may be used again.
func (p *Pinner) Unpin() {
	if p.pins != nil {
		clear(p.objects)
		p.objects = p.objects[:0]
	}
}

// isPointer tells whether v is of a pointer type or unsafe.Pointer.
func isPointer(v any) bool

// typeString returns the name of v's type, as reflect.Type.String does.
func typeString(v any) string
