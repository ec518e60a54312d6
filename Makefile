# SPDX-License-Identifier: MIT
# edgegrad. `make help` lists the targets. All outputs go to $(BUILD).

BUILD   ?= $(if $(GDAL),build/gdal,build)
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O3 -g
V       ?=

VERSION := $(shell sed -n 's/.*EG_VERSION  *"\(.*\)"/\1/p' include/edgegrad.h)
# The SONAME has the major and the minor number, because a minor version may break the ABI before 1.0.
SOVERSION := $(basename $(VERSION))
PKGS    := libpng libjpeg zlib libtiff-4 $(if $(NO_ISAL),,$(shell pkg-config --exists libisal && echo libisal)) \
           $(if $(NO_CAIRO),,$(shell pkg-config --exists cairo && echo cairo)) $(if $(GDAL),gdal) \
           $(foreach l,libdeflate libzstd liblzma,$(shell pkg-config --exists $(l) && echo $(l)))

# libtiff, cairo and Arb are loaded at run time, when they are first needed, because they bring ten libraries each, and
# libdeflate and libzstd because few runs need them. The
# library is loaded by its SONAME; if the SONAME is unknown, the library is linked.
soname        = $(shell readelf -d "$$($(CC) -print-file-name=lib$(1).so)" 2>/dev/null | \
                 sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')
TIFF_LIBRARY  := $(if $(NO_LATER),,$(call soname,tiff))
CAIRO_LIBRARY := $(if $(NO_LATER)$(NO_CAIRO),,$(call soname,cairo))
# Arb is a library of its own up to FLINT 2, and a part of FLINT from version 3 on. Its headers are in include/ or
# include/flint/.
FLINT_INCLUDE := $(patsubst -I%,-isystem %/flint,$(shell pkg-config --cflags-only-I flint 2>/dev/null)) \
                 -isystem $(SYSROOT)/usr/include/flint
ARB           := $(if $(NO_ARB),,$(if $(shell echo '\#include <arb_hypgeom.h>' | \
                 $(CC) -E $(FLINT_INCLUDE) - >/dev/null 2>&1 && echo found),$(firstword \
                 $(foreach l,flint-arb arb flint,$(if $(call soname,$(l)),$(l))))))
ARB_LIBRARY   := $(if $(NO_LATER)$(NO_ARB),,$(if $(ARB),$(call soname,$(ARB))))
DEFLATE_LIBRARY := $(if $(NO_LATER),,$(if $(filter libdeflate,$(PKGS)),$(call soname,deflate)))
ZSTD_LIBRARY  := $(if $(NO_LATER),,$(if $(filter libzstd,$(PKGS)),$(call soname,zstd)))
LZMA_LIBRARY  := $(if $(NO_LATER),,$(if $(filter liblzma,$(PKGS)),$(call soname,lzma)))
LATER         := $(if $(TIFF_LIBRARY),libtiff-4) $(if $(CAIRO_LIBRARY),cairo) $(if $(DEFLATE_LIBRARY),libdeflate) \
                 $(if $(ZSTD_LIBRARY),libzstd) $(if $(LZMA_LIBRARY),liblzma)
Q       := $(if $(V),,@)
comma   := ,
space   := $(subst ,, )

# No contraction to fused multiply-add and no reordering, because results must be the same on every instruction set.
# -fno-math-errno and -fno-trapping-math change no result: no code reads errno after sqrtf or traps floating-point exceptions.
MODES   := -std=c11 -D_GNU_SOURCE -ffp-contract=off -fno-math-errno -fno-trapping-math
# Hardening, as far as the compiler and the linker know it; NO_HARDENING=1 leaves it out. FORTIFY needs optimisation, and
# sanitizers have checks of their own. tools/check-hardening checks the outcome.
try       = $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror $(1) -x c - -o /dev/null >/dev/null 2>&1 && echo '$(1)')
try_all   = $(or $(call try,$(1)),$(foreach f,$(1),$(call try,$(f))))
SANITIZED := $(findstring -fsanitize,$(CFLAGS))
FORTIFY   := $(if $(NO_HARDENING)$(SANITIZED)$(findstring _FORTIFY_SOURCE,$(CFLAGS)),,$(if $(filter -O -O1 -O2 -O3 -Os,$(CFLAGS)),\
             -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3))
HARDEN    := $(FORTIFY) $(if $(NO_HARDENING),,$(call try_all,-fstack-protector-strong -fstack-clash-protection \
             $(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),-fcf-protection=full,-mbranch-protection=standard)))
HARDEN_LD := $(if $(NO_HARDENING),,$(call try_all,-Wl$(comma)-z$(comma)relro -Wl$(comma)-z$(comma)now \
             -Wl$(comma)-z$(comma)noexecstack -Wl$(comma)-z$(comma)separate-code))
PIE       := $(if $(NO_HARDENING),,$(call try,-pie))
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Wno-psabi
ALL_CFLAGS = $(MODES) $(WARN) -pthread -fPIC -fvisibility=hidden -MMD -MP -Iinclude -Isrc \
             $(if $(findstring libisal,$(PKGS)),-DEG_HAVE_ISAL) \
             $(if $(TIFF_LIBRARY),-DEG_TIFF_LIBRARY='"$(TIFF_LIBRARY)"') $(if $(GDAL),-DEG_HAVE_GDAL) \
             $(if $(filter cairo,$(PKGS)),-DEG_HAVE_CAIRO) $(if $(NO_SECCOMP),-DEG_NO_SECCOMP) \
             $(if $(filter libdeflate,$(PKGS)),-DEG_HAVE_LIBDEFLATE) $(if $(filter libzstd,$(PKGS)),-DEG_HAVE_ZSTD) \
             $(if $(DEFLATE_LIBRARY),-DEG_LIBDEFLATE_LIBRARY='"$(DEFLATE_LIBRARY)"') \
             $(if $(filter liblzma,$(PKGS)),-DEG_HAVE_LZMA) $(if $(LZMA_LIBRARY),-DEG_LZMA_LIBRARY='"$(LZMA_LIBRARY)"') \
             $(if $(ZSTD_LIBRARY),-DEG_ZSTD_LIBRARY='"$(ZSTD_LIBRARY)"') \
             $(if $(ARB),-DEG_HAVE_ARB $(FLINT_INCLUDE)) \
             $(if $(ARB_LIBRARY),-DEG_ARB_LIBRARY='"$(ARB_LIBRARY)"') \
             $(if $(CAIRO_LIBRARY),-DEG_CAIRO_LIBRARY='"$(CAIRO_LIBRARY)"') \
             $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS))) $(HARDEN) $(CFLAGS)
LIBS     = $(shell pkg-config --libs $(filter-out $(LATER),$(PKGS))) $(if $(ARB),$(if $(ARB_LIBRARY),,-l$(ARB) -lflint)) -pthread -ldl -lm
TEST_LIBS = $(shell pkg-config --libs $(PKGS)) $(LIBS)

# Kernel files (*_rows.c) are compiled once for each instruction set.
LEVELS         := baseline $(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),v3 v4)
FLAGS_baseline :=
FLAGS_v3       := -march=x86-64-v3
FLAGS_v4       := -march=x86-64-v4 -mprefer-vector-width=512

C_FILES := $(filter-out src/python/% src/web/%,$(wildcard src/*/*.c src/*/*/*.c))
ROWS    := $(filter %_rows.c,$(C_FILES))
CLI     := $(filter-out %/ranks_mpi.c,$(filter src/cli/%,$(C_FILES)))
SOURCES := $(filter-out $(ROWS) src/cli/% $(if $(GDAL),,src/io/gdal/%),$(C_FILES))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(foreach l,$(LEVELS),$(ROWS:%.c=$(BUILD)/%.$(l).o))
PARTS   := $(addprefix $(BUILD)/report/,html.o css.o js.o)
CLI_OBJECTS := $(CLI:%.c=$(BUILD)/%.o) $(PARTS)

TESTS      := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/test_*.c))
TEST_HELPERS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(wildcard tests/test_*.c),$(wildcard tests/*.c)))

LIB_A  := $(BUILD)/libedgegrad.a
LIB_SO := $(BUILD)/libedgegrad.so
BIN    := $(BUILD)/edgegrad
# The manual: pages of the commands (those of edgegrad-COMMAND are made with the first), of the formats, of the library.
MAN     := $(BUILD)/man
MANUALS := $(addprefix $(MAN)/,edgegrad.1 edgegrad-formats.5 libedgegrad.3)
MPI_BIN := $(BUILD)/edgegrad-mpi
MPICC   ?= mpicc

.PHONY: test-library test-command mpi check-mpi check-report report-run gdal-check gdal-run fuzz fuzz-replay all deps demo check test asan tsan lint install uninstall clean help testdata
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BIN) $(LIB_A) $(LIB_SO) $(MANUALS) ## build the command, the libraries and the manual in build/ (GDAL=1: with GDAL, in build/gdal/)

# ---- building ----------------------------------------------------------------------------------

# build/ has its own .gitignore, so the project needs none.
$(BUILD)/.gitignore:
	$(Q)mkdir -p $(BUILD) && echo '*' > $@

define COMPILE
	$(Q)mkdir -p $(@D)
	$(if $(V),,@echo "  CC  $@")
	$(Q)$(CC) $(ALL_CFLAGS) $(1) -c $< -o $@
endef

$(BUILD)/%.o: %.c | $(BUILD)/.gitignore
	$(call COMPILE)

define LEVEL_RULE
$(BUILD)/%.$(1).o: %.c | $(BUILD)/.gitignore
	$$(call COMPILE,-DEG_LEVEL=$(1) $$(FLAGS_$(1)))
endef
$(foreach l,$(LEVELS),$(eval $(call LEVEL_RULE,$(l))))

# The parts of the report page, compiled into the command as the arrays report_html[], report_css[] and report_js[].
PAGE := src/cli/report
$(BUILD)/report/html.c: $(PAGE)/page.html
$(BUILD)/report/css.c: $(PAGE)/page.css $(PAGE)/viewer.css
$(BUILD)/report/js.c: $(addprefix $(PAGE)/,data.js list.js viewer.js page.js)
$(BUILD)/report/%.c: | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q){ echo '#include "cli/report/report_parts.h"'; echo 'const char report_$*[] = {'; \
	    cat $^ | od -An -v -to1 | sed "s/ *\([0-7][0-7][0-7]\)/'\\\\\1',/g"; \
	    echo '0};'; } > $@

$(PARTS): %.o: %.c
	$(call COMPILE)

$(LIB_A): $(OBJECTS)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Symbols have versions where the linker knows them.
VERSION_SCRIPT := $(if $(filter Linux,$(shell uname)),-Wl$(comma)--version-script=src/libedgegrad.map)
$(LIB_SO): $(OBJECTS) src/libedgegrad.map
	$(Q)$(CC) $(CFLAGS) $(HARDEN_LD) -shared -Wl,-soname,libedgegrad.so.$(SOVERSION) $(VERSION_SCRIPT) -o $@ $(OBJECTS) \
	    $(LDFLAGS) $(LIBS)
	$(Q)ln -sf $(@F) $@.$(SOVERSION)

$(BIN): $(CLI_OBJECTS) $(LIB_A)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(CFLAGS) $(HARDEN_LD) $(PIE) -o $@ $^ $(LDFLAGS) $(LIBS)

$(MAN)/edgegrad.1: $(BIN)
	$(Q)mkdir -p $(@D) && rm -f $(@D)/*.1
	$(Q)for command in $$($(EMULATOR) $(BIN) help --man | sed -n 's/^\.SS edgegrad //p'); do \
	    $(EMULATOR) $(BIN) help $$command --man > $(@D)/edgegrad-$$command.1 || exit 1; done
	$(Q)$(EMULATOR) $(BIN) help --man > $@

$(MAN)/edgegrad-formats.5: $(BIN)
	$(Q)mkdir -p $(@D)
	$(Q)$(EMULATOR) $(BIN) help formats --man > $@

$(MAN)/libedgegrad.3: $(addprefix tools/header-manual/,parse.awk roff.awk declarations.awk page.awk) include/edgegrad.h | \
                      $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q)awk $(patsubst %,-f %,$(filter %.awk,$^)) $(filter %.h,$^) > $@

# edgegrad-mpi has ranks_mpi.c, the only file that uses MPI, in place of ranks_one.c. Warnings in MPI's headers are suppressed.
$(BUILD)/src/cli/ranks/ranks_mpi.o: ALL_CFLAGS += $(patsubst -I%,-isystem %,$(filter -I%,$(shell $(MPICC) -show)))

$(MPI_BIN): $(filter-out %/ranks_one.o,$(CLI_OBJECTS)) $(BUILD)/src/cli/ranks/ranks_mpi.o $(LIB_A)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(MPICC) $(CFLAGS) $(HARDEN_LD) $(PIE) -o $@ $^ $(LDFLAGS) $(LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(TEST_HELPERS) $(LIB_A)
	$(Q)$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) $(LIB_A) $(LDFLAGS) $(TEST_LIBS) -lcmocka

# Helpers of the tests of the sandbox: a decoder that attacks, and a kernel without its means.
SANDBOX_HELPERS := $(BUILD)/tests/sandbox/attack.so $(BUILD)/tests/sandbox/without
$(BUILD)/tests/sandbox/attack.so: tests/sandbox/attack.c | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(MODES) $(WARN) -O1 -fPIC -shared -o $@ $< -ldl

$(BUILD)/tests/sandbox/without: tests/sandbox/without.c | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(MODES) $(WARN) -O1 -o $@ $<

# Tests of the option rows, the report and the neighbours of tiles link the command without its main().
$(addprefix $(BUILD)/tests/,test_options test_report test_tiles): $(filter-out %/main.o,$(CLI_OBJECTS))

# Tests of threads that cannot be started replace the function that starts them.
$(BUILD)/tests/test_threads: LDFLAGS += -Wl,--wrap=pthread_create

# Makes the pages for the browser tests of the report.
$(BUILD)/tests/report/make_page: $(BUILD)/tests/report/make_page.o $(filter-out %/main.o,$(CLI_OBJECTS)) $(LIB_A)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS)

# Roots of other systems and of packages have folders of such names.
-include $(shell find $(BUILD) \( -name sysroot -o -name packages \) -prune -o -type f -name '*.d' -print 2>/dev/null)

# ---- running -----------------------------------------------------------------------------------

deps: ## install missing packages for building and testing (uses sudo only if needed)
	$(Q)tools/install-deps --test

mpi: ## build build/edgegrad-mpi for several machines; install Open MPI if missing
	$(Q)tools/install-deps --mpi
	$(Q)$(MAKE) --no-print-directory $(MPI_BIN)

demo: ## build, and find the edges of a photograph; install missing packages
	$(Q)tools/install-deps
	$(Q)$(MAKE) --no-print-directory $(BIN)
	$(Q)$(BIN) --overwrite testdata/coffee.jpg $(BUILD)/coffee-edges.png
	@echo "Wrote the edges of testdata/coffee.jpg to $(BUILD)/coffee-edges.png"

check: ## build, and run all tests; install missing packages
	$(Q)tools/install-deps --test
	$(Q)$(MAKE) --no-print-directory all test

test: $(BIN) $(LIB_A) $(LIB_SO) $(TESTS) $(SANDBOX_HELPERS) ## build, and run all tests; install nothing
	$(Q)tools/check-layers
	$(Q)$(MAKE) --no-print-directory $(if $(findstring --jobserver,$(MAKEFLAGS)),,-j2) \
	    --output-sync=line test-library test-command

# The library's tests run beside those of the command, in parts of similar length so that no processor waits for the other.
test-library:
	$(Q)for t in $(TESTS); do $$t || exit 1; done

COMMAND_TESTS := $(filter-out tests/mpi.bats,$(sort $(wildcard tests/*.bats)))
COMMAND_PARTS := 1 2 3 4 5 6
test-command: $(COMMAND_PARTS:%=test-command-%)

test-command-%:
	$(Q)EDGEGRAD=$(abspath $(BIN)) bats \
	    $$(printf '%s\n' $(COMMAND_TESTS) | awk 'NR % $(words $(COMMAND_PARTS)) == $* - 1')

# check-report is not part of check, because Chromium is a large package.
check-report: ## test the report page in a browser; install Chromium and Node if missing
	$(Q)tools/install-deps --test --report
	$(Q)$(MAKE) --no-print-directory report-run

PLAYWRIGHT := 1.65.1
DRIVER     := $(BUILD)/report-tools/node_modules/playwright-core-$(PLAYWRIGHT)
$(DRIVER): | $(BUILD)/.gitignore
	$(Q)npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(BUILD)/report-tools \
	    playwright-core@$(PLAYWRIGHT)
	$(Q)touch $@

report-run: $(BIN) $(BUILD)/tests/report/make_page $(DRIVER)
	$(Q)BUILD=$(abspath $(BUILD)) node --test tests/report/

# check-python is not part of check, because NumPy is optional. pyenv and others put a Python without packages first in PATH.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
SITE   := $(BUILD)/python/site
check-python: ## build the Python package and test it; install NumPy, cffi and pytest if missing
	$(Q)tools/install-deps --test --python
	$(Q)$(MAKE) --no-print-directory python-run

python-run: $(BIN) $(LIB_A)
	$(Q)rm -rf $(SITE)
	$(Q)EDGEGRAD_BUILD=$(BUILD) $(PYTHON) -m pip install --quiet --no-build-isolation --no-deps --no-index \
	    --disable-pip-version-check --root-user-action=ignore --target $(SITE) ./src/python
	$(Q)EDGEGRAD=$(abspath $(BIN)) PYTHONPATH=$(abspath $(SITE)) PYTHONDONTWRITEBYTECODE=1 \
	    $(PYTHON) -m pytest -q -p no:cacheprovider tests/python
	$(Q)EDGEGRAD=$(abspath $(BIN)) EDGEGRAD_PYTHON=$(PYTHON) PYTHONPATH=$(abspath $(SITE)) PYTHONDONTWRITEBYTECODE=1 \
	    bats tests/interfaces.bats

# Prints the flags that link a program with $(LIB_A).
link-flags:
	@echo $(LDFLAGS) $(LIBS)

.PHONY: check-python python-run link-flags

# check-docs is not part of check, because it takes a minute.
check-docs: $(BIN) $(LIB_SO) ## run the commands of all documents, and compare outputs, pictures and other programs
	$(Q)EDGEGRAD=$(abspath $(BIN)) BUILD=$(abspath $(BUILD)) tools/check-docs
	$(Q)if PYTHONPATH=$(abspath $(SITE)) $(PYTHON) -c 'import cv2, edgegrad, scipy, skimage' 2>/dev/null; then \
	    EDGEGRAD=$(abspath $(BIN)) BUILD=$(abspath $(BUILD)) tools/check-peers; \
	    else echo "check-docs: other programs are not compared: OpenCV, scikit-image, SciPy or make check-python is missing"; fi

.PHONY: check-docs

# Not part of check, because it builds all again.
check-least: ## build without cairo, Arb, ISA-L and the filter of system calls, in build/least, and run a few commands
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/least NO_ARB=1 NO_CAIRO=1 NO_ISAL=1 NO_SECCOMP=1 all
	$(Q)$(BUILD)/least/edgegrad --version | grep -q 'no cairo'
	$(Q)$(BUILD)/least/edgegrad testdata/coffee.jpg $(BUILD)/least/edges.png
	$(Q)$(BUILD)/least/edgegrad surface 'x^2+y^2' --at 1,1 >$(BUILD)/least/surface.txt
	$(Q)! $(BUILD)/least/edgegrad surface 'x^2' --at 1 --plot $(BUILD)/least/plot.png 2>$(BUILD)/least/plot.txt
	$(Q)grep -q 'install cairo' $(BUILD)/least/plot.txt

.PHONY: check-least

# gdal-check is not part of check, because GDAL brings hundreds of packages.
gdal-check: ## build with GDAL in build/gdal, and test it; install GDAL if missing
	$(Q)tools/install-deps --test --gdal
	$(Q)$(MAKE) --no-print-directory gdal-run GDAL=1

gdal-run: $(BIN) $(LIB_A) $(BUILD)/tests/test_gdal $(BUILD)/tests/test_gdal_planes $(BUILD)/tests/test_formats
	$(Q)$(BUILD)/tests/test_gdal
	$(Q)$(BUILD)/tests/test_gdal_planes
	$(Q)$(BUILD)/tests/test_formats
	$(Q)EDGEGRAD=$(abspath $(BIN)) bats tests/gdal.bats

# check-mpi is not part of check, because Open MPI is optional.
check-mpi: ## build with MPI, and run its tests under mpirun; install Open MPI if missing
	$(Q)tools/install-deps --test --mpi
	$(Q)$(MAKE) --no-print-directory $(BIN) $(MPI_BIN)
	$(Q)EDGEGRAD=$(abspath $(BIN)) EDGEGRAD_MPI=$(abspath $(MPI_BIN)) bats tests/mpi.bats

SAN_CFLAGS := -O1 -g -fno-omit-frame-pointer
asan: ## run all tests with AddressSanitizer and UndefinedBehaviorSanitizer
	$(Q)LSAN_OPTIONS="suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0" \
	    $(MAKE) --no-print-directory test BUILD=$(BUILD)/asan CC=gcc \
	    CFLAGS="$(SAN_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=undefined"

tsan: ## run the library's tests with ThreadSanitizer (clang)
	$(Q)$(MAKE) --no-print-directory tsan-run BUILD=$(BUILD)/tsan CC=clang \
	    CFLAGS="$(SAN_CFLAGS) -fsanitize=thread"

tsan-run: $(TESTS)
	$(Q)printf '%s\n' $(TESTS) | TSAN_OPTIONS="ignore_noninstrumented_modules=1 halt_on_error=1" \
	    xargs -P "$$(getconf _NPROCESSORS_ONLN)" -n 1 sh -c \
	    'said=$$($$0 2>&1); code=$$?; printf "%s\n" "$$said"; [ $$code = 0 ] || exit 255'

# ---- failures ----------------------------------------------------------------------------------

# tests/torture/README.md describes it. TORTURE=short takes a minute, TORTURE=all makes every single call fail.
TORTURE ?=
TORTURE_ARGS ?=
torture: $(BIN) $(BUILD)/torture/fail.so ## make every call that can fail fail in turn (TORTURE=short, all; TORTURE_ARGS="CASE ...")
	$(Q)TORTURE=$(TORTURE) EDGEGRAD=$(abspath $(BIN)) TORTURE_SHIM=$(abspath $(BUILD)/torture/fail.so) \
	    tests/torture/torture.py $(TORTURE_ARGS)

$(BUILD)/torture/fail.so: tests/torture/fail.c | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O2 -g -fPIC -fvisibility=hidden -shared -o $@ $< -ldl

memcheck: $(BIN) ## run a command of each kind under Valgrind's Memcheck (MEMCHECK_ARGS="CASE ...")
	$(Q)EDGEGRAD=$(abspath $(BIN)) tests/memcheck/memcheck.py $(MEMCHECK_ARGS)

interrupt: $(BIN) ## end runs by signals at random moments, run two at a time, and a large folder (INTERRUPT=all)
	$(Q)EDGEGRAD=$(abspath $(BIN)) INTERRUPT=$(INTERRUPT) tests/interrupt/interrupt.py

.PHONY: torture memcheck interrupt

# ---- fuzzing -----------------------------------------------------------------------------------

# A target is a file tests/fuzz/fuzz_NAME.c; tests/fuzz/fuzz.h says where its seeds, words and options are.
FUZZ_SECONDS  ?= 60
FUZZ_TARGETS  ?= $(sort $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c)))
# Line tables alone, because clang 14 crashes on the vectors of row kernels if it keeps track of variables.
FUZZ_CFLAGS   := -O2 -gline-tables-only -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
                 -fno-sanitize-recover=undefined
COVER_CFLAGS  := -O1 -g -fprofile-instr-generate -fcoverage-mapping
FUZZ_HELPERS  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/fuzz/fuzz_% %/replay.c,$(wildcard tests/fuzz/*.c)))

# The corpus of a run stays in build/fuzz/found, and the next run continues from it.
fuzz: ## fuzz readers, writers and parsers (clang; FUZZ_SECONDS=60 each; FUZZ_TARGETS="png expr")
	$(Q)$(MAKE) --no-print-directory fuzz-programs BUILD=$(BUILD)/fuzz CC=clang CFLAGS="$(FUZZ_CFLAGS)" \
	    PIXEL_CFLAGS=-fno-sanitize-coverage=trace-cmp
	$(Q)tools/fuzz run $(BUILD)/fuzz $(FUZZ_SECONDS) $(FUZZ_TARGETS)

fuzz-coverage: ## list the lines that the seeds and build/fuzz/found cover, by file (clang, llvm-cov)
	$(Q)$(MAKE) --no-print-directory $(BUILD)/cover/replay/replay BUILD=$(BUILD)/cover CC=clang CFLAGS="$(COVER_CFLAGS)"
	$(Q)tools/fuzz coverage $(BUILD)/cover $(BUILD)/fuzz $(FUZZ_TARGETS)

fuzz-replay: ## run all fuzz targets on their seeds and $EDGEGRAD_CORPUS with AddressSanitizer
	$(Q)$(MAKE) --no-print-directory $(BUILD)/asan/replay/replay BUILD=$(BUILD)/asan CC=gcc \
	    CFLAGS="$(SAN_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=undefined"
	$(Q)tools/fuzz replay $(BUILD)/asan $(FUZZ_TARGETS)

# Comparisons of samples are not traced, because they are most of the time of a run and lead to no new input.
$(addprefix $(BUILD)/src/,edge/%.o gradient/%.o terrain/%.o io/pixels/%.o): ALL_CFLAGS += $(PIXEL_CFLAGS)

fuzz-programs: $(FUZZ_TARGETS:%=$(BUILD)/fuzz-%)
.PHONY: fuzz-coverage fuzz-programs

$(BUILD)/libcommand.a: $(filter-out %/main.o,$(CLI_OBJECTS))
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/libhelpers.a: $(FUZZ_HELPERS) $(TEST_HELPERS)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

FUZZ_LIBRARIES := $(BUILD)/libhelpers.a $(BUILD)/libcommand.a $(LIB_A)

$(BUILD)/fuzz-%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_LIBRARIES)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDFLAGS) $(TEST_LIBS) -lcmocka

# One program replays all targets, whose functions are renamed for it and listed in a table.
REPLAYED := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
$(BUILD)/replay/%.o: tests/fuzz/fuzz_%.c | $(BUILD)/.gitignore
	$(call COMPILE,-DLLVMFuzzerTestOneInput=target_$* -DLLVMFuzzerCustomMutator=mutate_$*)

$(BUILD)/replay/targets.def: $(wildcard tests/fuzz/fuzz_*.c) | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D) && printf 'TARGET(%s)\n' $(REPLAYED) > $@

$(BUILD)/tests/fuzz/replay.o: $(BUILD)/replay/targets.def
$(BUILD)/tests/fuzz/replay.o: ALL_CFLAGS += -I$(BUILD)/replay

$(BUILD)/replay/replay: $(BUILD)/tests/fuzz/replay.o $(REPLAYED:%=$(BUILD)/replay/%.o) $(FUZZ_LIBRARIES)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(TEST_LIBS) -lcmocka

# ---- hostile files -----------------------------------------------------------------------------

# HOSTILE=long: every truncation and 10000 flipped bits a file, and the table of other programs.
HOSTILE      ?=
HOSTILE_ARGS ?=
HOSTILE_DAMAGE = $(if $(filter long,$(HOSTILE)),,--every 10 --flips 500)
hostile: $(BIN) $(BUILD)/hostile/measure $(BUILD)/hostile/damage ## measure bombs and damaged files (HOSTILE=long: all)
	$(Q)$(BUILD)/hostile/damage $(HOSTILE_DAMAGE) testdata
	$(Q)python3 tests/hostile/run.py --measure $(BUILD)/hostile/measure --edgegrad $(BIN) \
	    $(if $(filter long,$(HOSTILE)),--others) $(HOSTILE_ARGS)

# The damaged files with AddressSanitizer, without limits.
hostile-asan:
	$(Q)$(MAKE) --no-print-directory $(BUILD)/asan/hostile/damage BUILD=$(BUILD)/asan CC=gcc \
	    CFLAGS="$(SAN_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=undefined"
	$(Q)$(BUILD)/asan/hostile/damage --every 50 --flips 200 testdata

$(BUILD)/hostile/measure: $(BUILD)/tests/hostile/measure.o
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/hostile/damage: $(BUILD)/tests/hostile/damage.o $(BUILD)/tests/hostile/targets.o \
    $(filter-out %/main.o,$(CLI_OBJECTS)) $(LIB_A)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS)

.PHONY: hostile hostile-asan

lint: $(BIN) $(LIB_SO) $(LIB_A) ## check formatting, layers, shell scripts and hardening; run static analysis
	$(Q)tools/check-hardening $^
	$(Q)tools/lint
	$(Q)tools/check-layers --self-test

.PHONY: tsan-run
testdata: $(BUILD)/make-testdata ## generate the files of testdata/ again
	$(Q)$< testdata

$(BUILD)/make-testdata: $(wildcard tools/testdata/*.c tools/testdata/*.h) | $(BUILD)/.gitignore
	$(Q)$(CC) $(MODES) $(WARN) $(CFLAGS) tools/testdata/*.c -o $@ -lpng -ljpeg -lz -lm

# ---- quality -----------------------------------------------------------------------------------

# Folder BSDS500/data of the Berkeley Segmentation Data Set, which is no part of the project.
QUALITY ?= $${EDGEGRAD_CORPUS:-../shared/data}/bsds
$(BUILD)/matching.so: tools/quality/matching.c | $(BUILD)/.gitignore
	$(Q)$(CC) $(MODES) $(WARN) $(CFLAGS) -shared -fPIC $< -o $@

quality: $(BIN) $(BUILD)/matching.so ## measure edges by what people drew (QUALITY=BSDS500/data QUALITY_ARGS="--step 5"); install what is missing
	$(Q)tools/install-deps --quality
	$(Q)EDGEGRAD=$(abspath $(BIN)) MATCHING=$(abspath $(BUILD)/matching.so) tools/quality/measure $(QUALITY) $(QUALITY_ARGS)

.PHONY: quality

# ---- benchmark ---------------------------------------------------------------------------------

BENCH      := $(BUILD)/bench
BENCH_ARGS ?=
SCALING_ARGS ?=
BENCH_PROGRAMS = $(patsubst %,$(BENCH)/%,inputs elevations floors compare launch run_edgegrad \
    $(if $(shell pkg-config --exists opencv4 && echo yes),run_opencv))
BENCH_CC   = $(CC) $(MODES) $(WARN) -fopenmp -Iinclude $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)

bench: ## compare with OpenCV, libvips, GDAL ... (BENCH_ARGS=--quick); install missing packages
	$(Q)tools/install-deps --bench
	$(Q)$(MAKE) --no-print-directory bench-run

bench-run: $(BIN) $(BENCH_PROGRAMS)
	$(Q)python3 tools/bench/bench.py --build $(BUILD) $(BENCH_ARGS)

$(BENCH)/%: tools/bench/%.c tools/bench/common.c tools/bench/bench.h | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q)$(BENCH_CC) $< tools/bench/common.c -o $@ $(LDFLAGS) $(TEST_LIBS)

$(BENCH)/inputs: tools/bench/inputs.c tools/bench/scenes.c tools/bench/scenes.h tools/bench/common.c tools/bench/bench.h | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(Q)$(BENCH_CC) $(filter %.c,$^) -o $@ $(LDFLAGS) $(TEST_LIBS)

$(BENCH)/run_edgegrad: tools/bench/run_edgegrad.c tools/bench/common.c tools/bench/bench.h $(LIB_A)
	$(Q)mkdir -p $(@D)
	$(Q)$(BENCH_CC) $< tools/bench/common.c $(LIB_A) -o $@ $(LDFLAGS) $(LIBS)

# The command with a clock at each step; the linker replaces the functions of the thread pool.
TRACED := eg_thread_pool_run eg_pool_for_each eg_parallel_for eg_read_ahead_new

$(BENCH)/trace_steps: tools/bench/trace_steps.c tools/bench/common.c tools/bench/bench.h $(CLI_OBJECTS) $(LIB_A)
	$(Q)mkdir -p $(@D)
	$(Q)$(BENCH_CC) -Isrc $(TRACED:%=-Wl,--wrap=%) $(filter %.c,$^) $(CLI_OBJECTS) $(LIB_A) -o $@ $(LDFLAGS) $(LIBS)

scaling: $(BIN) $(BENCH_PROGRAMS) $(BENCH)/trace_steps ## where more cores stop helping, by measured steps (docs/SCALING.md)
	$(Q)python3 tools/bench/scaling.py --build $(BUILD) $(SCALING_ARGS)

# Links only the OpenCV modules in use, because linking all of them would make the start slow and the comparison unfair.
$(BENCH)/run_opencv: tools/bench/run_opencv.cpp tools/bench/common.c tools/bench/bench.h
	$(Q)mkdir -p $(@D)
	$(Q)$(BENCH_CC) -c tools/bench/common.c -o $(BENCH)/common.o
	$(Q)$(CXX) -std=c++17 -Wall -Wextra -Wshadow -O3 $(shell pkg-config --cflags opencv4) \
	    $< $(BENCH)/common.o -o $@ $(LDFLAGS) -lopencv_imgcodecs -lopencv_imgproc -lopencv_core

.PHONY: bench bench-run scaling

# ---- installing --------------------------------------------------------------------------------

BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
# The program that runs those that are built, if they are for another kind of processor. SYSROOT is that system's root.
EMULATOR   ?=

# Tells the run-time linker about a library that came to or went from one of its own folders, unless it is staged in
# DESTDIR for another system. Only root can.
SYSTEM_LIBDIR = $(filter /lib /lib64 /lib/% /usr/lib /usr/lib64 /usr/lib/% /usr/local/lib /usr/local/lib/%,$(LIBDIR))
LDCONFIG = $(if $(DESTDIR),,$(if $(SYSTEM_LIBDIR),PATH="$$PATH:/usr/sbin:/sbin"; \
    [ "$$(id -u)" != 0 ] || ! command -v ldconfig >/dev/null || ldconfig))

# Prints a file of tools/package/ with the values of this build.
CMAKEDIR = $(LIBDIR)/cmake/edgegrad
FILL = sed $(foreach v,VERSION SOVERSION PREFIX LIBDIR INCLUDEDIR PKGS,-e 's|@$(v)@|$($(v))|') \
    -e 's|@LIBS@|$(subst $(space),;,$(strip $(LIBS)))|' tools/package/$(1).in

install: all ## install in PREFIX (/usr/local), staged in DESTDIR
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(CMAKEDIR) $(DESTDIR)$(INCLUDEDIR) \
	    $(addprefix $(DESTDIR)$(DATADIR)/man/,man1 man3 man5) $(DESTDIR)$(DATADIR)/bash-completion/completions \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions $(DESTDIR)$(DATADIR)/fish/vendor_completions.d
	install -m 755 $(BIN) $(DESTDIR)$(BINDIR)/edgegrad
	install -m 644 include/edgegrad.h $(DESTDIR)$(INCLUDEDIR)/edgegrad.h
	install -m 644 $(LIB_A) $(DESTDIR)$(LIBDIR)/libedgegrad.a
	install -m 755 $(LIB_SO) $(DESTDIR)$(LIBDIR)/libedgegrad.so.$(VERSION)
	ln -sf libedgegrad.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libedgegrad.so.$(SOVERSION)
	ln -sf libedgegrad.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libedgegrad.so
	$(call FILL,edgegrad.pc) > $(DESTDIR)$(LIBDIR)/pkgconfig/edgegrad.pc
	$(call FILL,edgegrad-config.cmake) > $(DESTDIR)$(CMAKEDIR)/edgegrad-config.cmake
	$(call FILL,edgegrad-config-version.cmake) > $(DESTDIR)$(CMAKEDIR)/edgegrad-config-version.cmake
	install -m 644 $(MAN)/*.1 $(DESTDIR)$(DATADIR)/man/man1
	install -m 644 $(MAN)/libedgegrad.3 $(DESTDIR)$(DATADIR)/man/man3
	install -m 644 $(MAN)/edgegrad-formats.5 $(DESTDIR)$(DATADIR)/man/man5
	$(EMULATOR) $(BIN) help --completion bash > $(DESTDIR)$(DATADIR)/bash-completion/completions/edgegrad
	$(EMULATOR) $(BIN) help --completion zsh > $(DESTDIR)$(DATADIR)/zsh/site-functions/_edgegrad
	$(EMULATOR) $(BIN) help --completion fish > $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/edgegrad.fish
	$(LDCONFIG)
	$(if $(DESTDIR)$(SYSTEM_LIBDIR),,@echo "Programs find the library with: export LD_LIBRARY_PATH=$(LIBDIR)")

uninstall: ## remove the installed files
	rm -f $(DESTDIR)$(BINDIR)/edgegrad $(DESTDIR)$(INCLUDEDIR)/edgegrad.h \
	    $(DESTDIR)$(LIBDIR)/libedgegrad.* $(DESTDIR)$(LIBDIR)/pkgconfig/edgegrad.pc \
	    $(DESTDIR)$(CMAKEDIR)/edgegrad-config.cmake $(DESTDIR)$(CMAKEDIR)/edgegrad-config-version.cmake \
	    $(addprefix $(DESTDIR)$(DATADIR)/man/,man1/edgegrad.1 man1/edgegrad-*.1 man3/libedgegrad.3 man5/edgegrad-formats.5) \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions/edgegrad \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions/_edgegrad \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/edgegrad.fish
	$(LDCONFIG)

include tools/package/package.mk
include tools/web/web.mk

clean: ## remove build/
	rm -rf $(BUILD)

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(filter %Makefile %.mk,$(MAKEFILE_LIST))
