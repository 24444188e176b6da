# Goo: build, test and install.
#
#   make            the compiler (build/goo), the runtime library, and what programs with fmt need of Go's library
#   make all        without Go's library, which is then compiled when a program needs it
#   make deps       installs what the build needs (Debian, Ubuntu), and fetches Go's library source
#   make test       every test: unit tests, tests/, examples/, conformance
#   make install    PREFIX=/usr/local  (also: uninstall)
#   make debug      unoptimised, with expensive assertions, in build-debug/
#   make sanitize   AddressSanitizer and UndefinedBehaviorSanitizer, in build-sanitize/
#   make fuzz       ten minutes of fuzzing lexer, parser and checker, in build-fuzz/
#   make caps-check  the table of what the library's functions need, against its calls
#   make std-test   the tests of Go's own library, all packages: see tests/std/scoreboard.py
#   make soak       a minute of random load on scheduler and heap, results checked
#   make tsan       the runtime under ThreadSanitizer, with programs, in build-tsan/ (needs GCC)
#   make help       all targets

BUILD   ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
# V=1 shows the commands
Q       := $(if $(V),,@)
PREFIX  ?= /usr/local
GCC_VER := 12
JITDIR  ?= $(firstword $(wildcard /usr/lib/gcc/x86_64-linux-gnu/$(GCC_VER) /usr/lib/gcc/aarch64-linux-gnu/$(GCC_VER)))

WARN    := -std=gnu17 -Wall -Wextra -Wundef -Werror
OPT     ?= -O2 -g
CFLAGS  ?=
# make tsan. Calls are not counted, since panics leave functions without returning. Fences are not understood, of which
# the runtime's only order atomic operations.
TSAN_FLAGS := -fsanitize=thread --param=tsan-instrument-func-entry-exit=0
ifdef TSAN
CFLAGS  += -DGOO_TSAN
endif
# At a fixed address, which leaves four thousand places less to relocate at every start.
ALLCFLAGS = $(WARN) $(OPT) -fno-pie -D_GNU_SOURCE -I. -I$(BUILD)/gen -idirafter $(JITDIR)/include $(CFLAGS)

GOROOT_DIR = $(if $(GOO_GOROOT),$(GOO_GOROOT),$(BUILD)/goroot)

# The layers of the compiler, lowest first: a layer may include the headers of those before it.
LAYERS  := base lexer parser sema ir linker codegen driver
# Statically where that is possible: the fewer libraries there are to load, the sooner a cached program starts.
library  = $(if $(findstring /,$(shell $(CC) -print-file-name=lib$(1).a)),-l:lib$(1).a,-l$(1))
LIBS    := $(foreach l,mpfr gmp xxhash,$(call library,$(l))) -lm -lpthread

# Order of search for the linker: highest layer first.
LAYER_LIBS := $(foreach l,driver codegen linker ir sema parser lexer base,$(BUILD)/lib/$(l).a)

.PHONY: default all
default: all library
all: $(BUILD)/goo $(BUILD)/lib/gccjit.so runtime $(BUILD)/std
# The compiler finds what belongs to it beside itself.
$(BUILD)/std:
	@mkdir -p $(@D)
	$(Q)ln -sfn $(abspath std) $@

# ---- generated sources ----
GEN := $(BUILD)/gen
$(GEN)/goo.lex.c: lexer/goo.l
	@mkdir -p $(@D)
	$(Q)flex --outfile=$@ --header-file=$(GEN)/goo.lex.h $<
$(GEN)/goo.tab.c: parser/goo.y
	@mkdir -p $(@D)
	$(Q)bison -Wall -Werror --defines=$(GEN)/goo.tab.h --output=$@ $<
GENERATED := $(GEN)/goo.lex.c $(GEN)/goo.tab.c

# ---- one static library per layer ----
define layer
SRC_$(1) := $$(wildcard $(1)/*.c)
OBJ_$(1) := $$(SRC_$(1):%.c=$(BUILD)/obj/%.o)
$(BUILD)/lib/$(1).a: $$(OBJ_$(1)) $(2)
	@mkdir -p $$(@D)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
.PHONY: $(1)
$(1): $(BUILD)/lib/$(1).a
DEPS += $$(OBJ_$(1):.o=.d) $(2:.o=.d)
endef
$(eval $(call layer,base))
$(eval $(call layer,lexer,$(BUILD)/obj/gen/goo.lex.o))
$(eval $(call layer,parser,$(BUILD)/obj/gen/goo.tab.o))
$(eval $(call layer,sema))
$(eval $(call layer,ir))
$(eval $(call layer,linker))
$(eval $(call layer,codegen))
$(eval $(call layer,driver))

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(ALLCFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(ALLCFLAGS) -Wno-unused-function -Wno-sign-compare -Wno-unused-but-set-variable -MMD -MP -c -o $@ $<
# Where GCC's library is, which is loaded on demand, and where the linker finds the C library and its start files: asked
# once, so that linking needs no C compiler.
TOOLCHAIN := CRT1=crt1.o CRTI=crti.o CRTBEGIN=crtbeginT.o CRTEND=crtend.o CRTN=crtn.o \
             LIBC=libc.a LIBM=libm.a LIBGCC=libgcc.a LIBGCC_EH=libgcc_eh.a
$(GEN)/toolchain.h: Makefile
	@mkdir -p $(@D)
	@echo "#define TOOLCHAIN_GCCJIT \"$$(dirname $$(realpath $(JITDIR)/libgccjit.so))/libgccjit.so.0\"" > $@
	@for t in $(TOOLCHAIN); do echo "#define TOOLCHAIN_$${t%%=*} \"$$(realpath $$($(CC) -print-file-name=$${t#*=}))\""; done >> $@
$(OBJ_codegen): | $(GEN)/toolchain.h

$(OBJ_lexer) $(OBJ_parser) $(BUILD)/obj/gen/goo.tab.o $(BUILD)/obj/gen/goo.lex.o: | $(GENERATED)

$(BUILD)/goo: $(LAYER_LIBS)
	@echo '  LINK $@'
	$(Q)$(CC) $(ALLCFLAGS) -no-pie -Wl,--build-id -o $@ $(LAYER_LIBS) $(LIBS)

# GCC's library as it is at one address, which nothing else is at: then it need not be relocated whenever it is loaded.
# Without the copy, for example when a linker has laid out the library in an unknown way, the library itself is loaded.
GCCJIT_ADDRESS := 0x1000000000
$(BUILD)/prelink: tools/prelink/prelink.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLCFLAGS) -no-pie -o $@ $<
$(BUILD)/lib/gccjit.so: $(BUILD)/prelink $(realpath $(JITDIR)/libgccjit.so)
	@mkdir -p $(@D)
	$(Q)$^ $@ $(GCCJIT_ADDRESS) || echo 'goo will start more slowly'

# ---- the runtime library, linked into every program ----
# Same flags as generated code (codegen/README): no CET, wrapping arithmetic, frame pointers for stack traces.
# No sibling calls: a function entered with a return address in compiled code may yield there, and what it was passed
# would belong to the thread before (__morestack, runtime/sched/stack.c).
RTFLAGS = -std=gnu17 -Wall -Wextra -Wundef -Werror -O2 -g -I. -I$(BUILD)/gen -fno-pic -fwrapv -fno-strict-aliasing \
          -fno-delete-null-pointer-checks -fcf-protection=none -ffp-contract=off -fno-omit-frame-pointer \
          -fkeep-gc-roots-live -fno-optimize-sibling-calls -fno-stack-protector -ffunction-sections -fdata-sections $(RTCFLAGS)
ifdef TSAN
RTCFLAGS += $(TSAN_FLAGS) -DRT_TSAN -Wno-tsan
endif
# Stacks that grow (runtime/sched/stack.h). Arguments on the stack must count as part of the frame that is checked.
RTSPLIT := $(if $(findstring sanitize,$(RTCFLAGS)),,$(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),-fsplit-stack -maccumulate-outgoing-args))
# make tsan: what signal handlers call is left alone (runtime/sched/stack.h, RT_NO_TSAN).
ifdef TSAN
$(patsubst %,$(BUILD)/rt/runtime/%.c.o,sched/preempt sched/sigqueue functab): RTFLAGS += -fno-sanitize=thread
endif
RT_SRC := $(wildcard runtime/*.c runtime/*/*.c runtime/*.S runtime/*/*.S)
RT_OBJ := $(patsubst %,$(BUILD)/rt/%.o,$(RT_SRC))
DEPS   += $(RT_OBJ:.o=.d)
.PHONY: runtime
runtime: $(BUILD)/lib/goort.o
# The runtime with start files and what it needs of the C library, linked once: programs then link in a quarter of
# the time (12 ms instead of 47). Without the notes by which linkers rewrite prologues that check the stack's limit:
# that is for programs whose stacks grow as GCC's library has it. Sections stay apart, so that programs have only those
# of the C library that they use.
APART := $(foreach s,text rodata data bss,'--unique=.$(s)' '--unique=.$(s).*')
ifndef TSAN
$(BUILD)/lib/goort.o: $(BUILD)/lib/libgoort.a
	$(Q)ld -r -S $(APART) -o $@ $(foreach f,crt1.o crti.o crtbeginT.o,$(shell $(CC) -print-file-name=$(f))) \
	    --whole-archive $< --no-whole-archive \
	    --start-group $(foreach f,libc.a libm.a libgcc.a libgcc_eh.a,$(shell $(CC) -print-file-name=$(f))) --end-group \
	    $(foreach f,crtend.o crtn.o,$(shell $(CC) -print-file-name=$(f)))
	$(Q)objcopy -R .note.GNU-split-stack -R .note.GNU-no-split-stack $@
else
$(BUILD)/lib/goort.o: $(BUILD)/lib/libgoort.a
	$(Q)ld -r $(APART) -o $@ --whole-archive $<
endif
# make tsan: handlers of signals are the system's business, not ThreadSanitizer's, which would put the signals off.
$(BUILD)/lib/libgoort.a: $(RT_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^
	$(if $(TSAN),$(Q)objcopy --redefine-sym sigaction=__sigaction $@)
# The sandbox's filters, by libseccomp.
$(BUILD)/filters: tools/filters/filters.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALLCFLAGS) -no-pie -o $@ $< -lseccomp
$(GEN)/seccomp_filters.h: $(BUILD)/filters
	@mkdir -p $(@D)
	$(Q)$< > $@.tmp && mv $@.tmp $@
$(BUILD)/rt/runtime/caps/sandbox.c.o: $(GEN)/seccomp_filters.h
$(BUILD)/rt/%.c.o: %.c
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(RTFLAGS) $(RTSPLIT) -MMD -MP -c -o $@ $<
$(BUILD)/rt/%.S.o: %.S
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(RTFLAGS) -MMD -MP -c -o $@ $<

# ---- packages of Go's library, compiled beforehand for all users ----
# precompile: with the compiler $(1), into the folder $(2), which it finds beside itself and never writes.
precompile = rm -rf $(2) $(2).new && GOO_CACHE=$(2).new $(1) build -o $(2).new/program tools/precompile.go && mv $(2).new/lib $(2) && rm -rf $(2).new
.PHONY: library
library: all $(if $(wildcard $(GOROOT_DIR)/src),$(BUILD)/pkg/lock)
$(BUILD)/pkg/lock: $(BUILD)/goo $(BUILD)/lib/goort.o tools/precompile.go $(wildcard std/*/*.go std/*/*/*.go std/*/*/*/*.go)
	@echo '  GOO  $(BUILD)/pkg'
	$(Q)$(call precompile,$(BUILD)/goo,$(BUILD)/pkg) && touch $@

# ---- unit tests: each tests/unit/NAME_test.c is a cmocka program ----
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*_test.c))
$(BUILD)/unit/%: tests/unit/%.c $(LAYER_LIBS)
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(ALLCFLAGS) -no-pie -MMD -MP -o $@ $< $(filter-out $(BUILD)/lib/driver.a,$(LAYER_LIBS)) $(LIBS) -lcmocka
# Tests of the runtime link it instead of the compiler's layers (the shorter stem wins over the rule above). Linked
# without -fsplit-stack, which would bring libgcc's __morestack; bound at once, since the dynamic linker needs more
# stack than a goroutine has.
$(BUILD)/unit/rt_%_test: tests/unit/rt_%_test.c $(BUILD)/lib/libgoort.a
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(RTFLAGS) $(RTSPLIT) -MMD -MP -c -o $@.o $<
	$(Q)$(CC) $(RTCFLAGS) -no-pie -Wl,-z,now -o $@ $@.o $(BUILD)/lib/libgoort.a -lcmocka -lm
# Tests of the front end need no more than its layers.
FRONT_LIBS := $(foreach l,parser lexer base,$(BUILD)/lib/$(l).a)
define front_test
$(BUILD)/unit/$(1)_%_test: tests/unit/$(1)_%_test.c $(FRONT_LIBS)
	@mkdir -p $$(@D)
	@echo '  CC   $$<'
	$(Q)$(CC) $(ALLCFLAGS) -no-pie -MMD -MP -o $$@ $$< $(FRONT_LIBS) -lcmocka
endef
$(foreach t,base lexer parser,$(eval $(call front_test,$(t))))
# parse_tree PATH...: parses every Go file below PATH, reports failures and lines per second
$(BUILD)/parse_tree: tests/parser/parse_tree.c $(FRONT_LIBS)
	@echo '  CC   $<'
	$(Q)$(CC) $(ALLCFLAGS) -no-pie -MMD -MP -o $@ $< $(FRONT_LIBS)
.PHONY: front-unit
front-unit: $(foreach t,base lexer parser,$(filter $(BUILD)/unit/$(t)_%,$(UNIT)))
	@for t in $^; do $$t || exit 1; done
.PHONY: unit runtime-unit runtime-sanitize
unit: $(UNIT)
runtime-unit: $(filter $(BUILD)/unit/rt_%,$(UNIT))
	@for t in $^; do $$t || exit 1; done
runtime-sanitize:
	$(MAKE) BUILD=build-sanitize/runtime RTCFLAGS="-fsanitize=address,undefined -DRT_HEAP_EXACT" runtime-unit

# ---- what is needed, and tests ----
.PHONY: deps
deps:
	tools/install-deps
	$(if $(GOO_GOROOT),,tools/fetch-goroot $(abspath $(BUILD))/goroot)

# Each part prints "name: N passed, M failed"; the last line sums them up.
.PHONY: test
test: all unit
	tests/all $(BUILD) $(GOROOT_DIR)

# Whether std/caps.def says of every function of Go's library what it needs.
.PHONY: caps-check
caps-check: all
	$(BUILD)/goo caps --check-table

# Fuzzing of lexer, parser and checker, FUZZ_SECONDS long, from Go's tests as seeds. Needs clang and its
# runtime (Debian: clang libclang-rt-14-dev). A finding is left in build-fuzz/ and fails the target.
FUZZ_SECONDS ?= 600
FUZZ_SRC := $(foreach l,base lexer parser sema,$(wildcard $(l)/*.c))
.PHONY: fuzz
fuzz: $(GENERATED)
	@mkdir -p build-fuzz/corpus build-fuzz/seeds
	clang -std=gnu17 -D_GNU_SOURCE -O1 -g -w -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -I. -I$(GEN) \
	    -o build-fuzz/frontend tests/fuzz/frontend.c $(FUZZ_SRC) $(GENERATED) -lmpfr -lgmp -lm
	python3 tests/fuzz/seeds.py build-fuzz/seeds $(GOROOT_DIR)/test $(GOROOT_DIR)/src/internal/types/testdata
	cd build-fuzz && ./frontend -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=4096 -jobs=2 -workers=2 \
	    -dict=../tests/fuzz/goo.dict corpus seeds

# Compiles every package of Go's library with its tests and runs them; fails on what tests/std/expected.txt does not list.
.PHONY: std-test
std-test: all
	python3 tests/std/scoreboard.py $(BUILD)/goo $(GOROOT_DIR)

# A random mix of everything that shares the scheduler and the heap; SOAK_SECONDS=1200 for a long run.
SOAK_SECONDS ?= 60
.PHONY: soak
soak: all
	tests/soak/run $(BUILD)/goo $(SOAK_SECONDS)

# Needs what make all needs, and GCC's libtsan. TSAN_SECONDS: of the soak test.
TSAN_SECONDS ?= 60
.PHONY: tsan tsan-build
tsan-build: all $(filter $(BUILD)/unit/rt_%,$(UNIT))
tsan:
	$(MAKE) BUILD=build-tsan TSAN=1 tsan-build
	GOO_GOROOT=$(abspath $(GOROOT_DIR)) tests/tsan/run build-tsan $(TSAN_SECONDS)

.PHONY: debug sanitize
debug:
	$(MAKE) BUILD=build-debug OPT="-O0 -g3 -DGOO_DEBUG"
sanitize:
	$(MAKE) BUILD=build-sanitize OPT="-O1 -g -DGOO_DEBUG -Wno-format-truncation -fsanitize=address,undefined -fno-omit-frame-pointer"

# ---- installation ----
DEST = $(DESTDIR)$(PREFIX)
.PHONY: install uninstall
install: all
	install -d $(DEST)/bin $(DEST)/lib/goo $(DEST)/share/man/man1
	rm -rf $(DEST)/lib/goo/std
	cp -r std $(DEST)/lib/goo/std
	$(if $(wildcard $(GOROOT_DIR)/src),install -d $(DEST)/share/goo/goroot && cp -rL $(GOROOT_DIR)/src $(DEST)/share/goo/goroot/)
	install -m 755 $(BUILD)/goo $(DEST)/bin/goo
	install -m 644 $(BUILD)/lib/goort.o $(wildcard $(BUILD)/lib/gccjit.so) $(DEST)/lib/goo/
	$(if $(wildcard $(GOROOT_DIR)/src),$(call precompile,$(DEST)/bin/goo,$(DEST)/lib/goo/pkg))
	install -m 644 docs/goo.1 $(DEST)/share/man/man1/goo.1
uninstall:
	rm -f $(DEST)/bin/goo $(DEST)/lib/goo/goort.o $(DEST)/lib/goo/gccjit.so $(DEST)/share/man/man1/goo.1
	rm -rf $(DEST)/lib/goo/std $(DEST)/lib/goo/pkg $(DEST)/share/goo
	rmdir $(DEST)/lib/goo 2>/dev/null || true

.PHONY: help
help:
	@sed -n 's/^#   //p' Makefile

.PHONY: clean
clean:
	rm -rf $(BUILD) build-debug build-sanitize build-tsan build-fuzz

-include $(DEPS)
