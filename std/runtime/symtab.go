package runtime

// An info describes one frame of a stack trace.
type info struct {
	function, file string
	line           int
	entry          uintptr
}

// frameOf describes an entry that callers filled in; the zero info when there is no such code.
func frameOf(pc uintptr) info

// funcOf describes the function that the instruction at pc is in, and the line of the instruction.
func funcOf(pc uintptr) info

// Frames is a list of stack frames behind the slice that Callers filled.
type Frames struct {
	callers []uintptr
}

// Frame is one of Frames.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// CallersFrames reads what Callers filled in.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }

// Next returns the next frame, and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	for len(ci.callers) > 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		i := frameOf(pc)
		if i.function == "" {
			continue
		}
		frame = Frame{PC: pc - 1, Func: &Func{i}, Function: i.function, File: i.file, Line: i.line, Entry: i.entry}
		break
	}
	return frame, len(ci.callers) > 0
}

// Func is a function of the program.
type Func struct {
	info info
}

// FuncForPC returns the function that contains the address pc, or nil.
func FuncForPC(pc uintptr) *Func {
	i := funcOf(pc)
	if i.function == "" {
		return nil
	}
	return &Func{i}
}

// Name is the function's name with its package's path.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.info.function
}

// Entry is the address of the function's first instruction.
func (f *Func) Entry() uintptr { return f.info.entry }

// FileLine is the source position of the code at pc, which should be in f.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	i := funcOf(pc)
	return i.file, i.line
}
