package caps

// The capabilities, as runtime/caps.def lists them (tests/caps/table.py compares).

const (
	ProcessSignal Capability = 1 << 5  // process.signal: send signals to processes
	MemoryRaw     Capability = 1 << 8  // memory.raw: memory behind the type system: unsafe, mmap
	MemoryBudget  Capability = 1 << 9  // memory.budget: how many bytes may be allocated
	TimeSet       Capability = 1 << 10 // time.set: set clocks
	SignalHandle  Capability = 1 << 11 // signal.handle: handle and ignore signals
	Device        Capability = 1 << 12 // device: open devices, control them
	System        Capability = 1 << 13 // system: privileged and raw system calls: mount, setuid, ptrace
	FFI           Capability = 1 << 14 // ffi: call foreign functions, load libraries
)

// Names for several.
const (
	File    Capability = 0x3   // file.read and file.write
	Network Capability = 0xc   // network.connect and network.listen
	Process Capability = 0x30  // process.exec and process.signal
	Env     Capability = 0xc0  // env.read and env.write
	Memory  Capability = 0x300 // memory.raw and memory.budget
	Time    Capability = 0x400 // time.set
	Signal  Capability = 0x800 // signal.handle
	All     Capability = 1<<15 - 1
)

// FileRead is file.read: read files, list folders, ask about them. Without arguments it is the right to all.
// Each names a part of them: files and folders, with everything below them; a path that does not exist yet may be named.
// It panics if one is malformed.
func FileRead(paths ...string) Set { return scoped(1<<0, paths) }

// FileWrite is file.write: create, change, rename and remove files and folders. Without arguments it is the right to all.
// Each names a part of them: files and folders, with everything below them; a path that does not exist yet may be named.
// It panics if one is malformed.
func FileWrite(paths ...string) Set { return scoped(1<<1, paths) }

// NetworkConnect is network.connect: connect and send to other hosts; resolve names. Without arguments it is the right to all.
// Each names a part of them: a host, host:port, host:low-high, *.domain, an address or a block in CIDR notation; unix:path for local sockets.
// It panics if one is malformed.
func NetworkConnect(hosts ...string) Set { return scoped(1<<2, hosts) }

// NetworkListen is network.listen: bind sockets, accept connections. Without arguments it is the right to all.
// Each names a part of them: a host, host:port, host:low-high, *.domain, an address or a block in CIDR notation; unix:path for local sockets.
// It panics if one is malformed.
func NetworkListen(hosts ...string) Set { return scoped(1<<3, hosts) }

// ProcessExec is process.exec: start other programs. Without arguments it is the right to all.
// Each names a part of them: a path, or a name that PATH leads to.
// It panics if one is malformed.
func ProcessExec(programs ...string) Set { return scoped(1<<4, programs) }

// EnvRead is env.read: read environment variables. Without arguments it is the right to all.
// Each names a part of them: a name; a * at its end stands for any rest.
// It panics if one is malformed.
func EnvRead(names ...string) Set { return scoped(1<<6, names) }

// EnvWrite is env.write: set environment variables. Without arguments it is the right to all.
// Each names a part of them: a name; a * at its end stands for any rest.
// It panics if one is malformed.
func EnvWrite(names ...string) Set { return scoped(1<<7, names) }
