package reflect

import (
	"internal/abi"
	"sync"
	"unsafe"
)

// Functions are called as C calls them. Go's reflect lays out arguments and results in a frame in memory; the runtime
// moves them to and from registers (runtime/hooks/call.c), for which it has to know the function's type.

// A frameType is the type of such a frame, as runtime.reflectcall takes it.
type frameType struct {
	abi.Type
	fn       *funcType
	isMethod bool // the first word is a receiver
}

func funcLayout(t *funcType, rcvr *abi.Type) (*abi.Type, *sync.Pool, abiDesc) {
	key := layoutKey{t, rcvr}
	known, ok := layoutCache.Load(key)
	if !ok {
		known, _ = layoutCache.LoadOrStore(key, newLayout(t, rcvr))
	}
	l := known.(layoutType)
	return l.t, l.framePool, l.abid
}

func newLayout(t *funcType, rcvr *abi.Type) layoutType {
	desc := newAbiDesc(t, rcvr)
	f := &frameType{fn: t, isMethod: rcvr != nil}
	f.Align_ = 8
	f.Size_ = align(desc.retOffset+desc.ret.stackBytes, 8)
	f.PtrBytes = 8 * uintptr(desc.stackPtrs.n)
	if f.PtrBytes > 0 {
		f.GCData = &desc.stackPtrs.data[0]
	}
	pool := &sync.Pool{New: func() any { return unsafe_New(&f.Type) }}
	return layoutType{&f.Type, pool, desc}
}

// funcCode returns the code of a function value of type t that calls callReflect, or callMethod, with itself.
func funcCode(t *funcType, isMethod bool) uintptr

// MakeFunc returns a function of type typ that calls fn with its arguments and returns what that returns.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	if typ.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	t := typ.common()
	impl := &makeFuncImpl{ftyp: (*funcType)(unsafe.Pointer(t)), fn: fn}
	impl.makeFuncCtxt.fn = funcCode(impl.ftyp, false)
	return Value{t, unsafe.Pointer(impl), flag(Func)}
}

// A typedMethodValue is a methodValue whose type the runtime finds.
type typedMethodValue struct {
	methodValue
	ftyp *funcType
}

func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	m := &typedMethodValue{ftyp: (*funcType)(unsafe.Pointer(v.Type().(*rtype)))}
	m.makeFuncCtxt.fn = funcCode(m.ftyp, true)
	m.method = int(v.flag) >> flagMethodShift
	m.rcvr = Value{v.typ(), v.ptr, v.flag&(flagRO|flagAddr|flagIndir) | flag(v.typ().Kind())}
	methodReceiver(op, m.rcvr, m.method) // panics if the method cannot be called
	return Value{m.ftyp.Common(), unsafe.Pointer(m), v.flag&flagRO | flag(Func)}
}
