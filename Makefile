# make help lists the targets.

BUILD ?= build
VAR ?= var
prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share/spacecraft-flights
docdir ?= $(prefix)/share/doc/spacecraft-flights
unitdir ?= $(prefix)/lib/systemd/system
mandir ?= $(prefix)/share/man
bashdir ?= $(prefix)/share/bash-completion/completions
zshdir ?= $(prefix)/share/zsh/site-functions
fishdir ?= $(prefix)/share/fish/vendor_completions.d

ifeq ($(origin CC),default)
CC = gcc
endif
# Indirect jumps and returns are guarded where the processor can do it.
CF_PROTECTION := $(shell $(CC) -fcf-protection=full -E -x c /dev/null >/dev/null 2>&1 && echo -fcf-protection=full)
# Level 3 comes with gcc 12, and Ubuntu's compilers have set one already.
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(shell echo '\#include <features.h>' | \
	$(CC) -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Werror -E -x c - >/dev/null 2>&1 && echo 3 || echo 2)
CFLAGS ?= -O2 -g $(FORTIFY) -fstack-protector-strong -fstack-clash-protection $(CF_PROTECTION)
LDFLAGS ?= -Wl,-z,relro,-z,now
LIBRARIES = libmicrohttpd jansson libpq libcurl libdeflate libzstd libxxhash inih
# Packagers, whose compiler may know new warnings: make WERROR=
WERROR ?= -Werror
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 $(WERROR)
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null)
# The folder of the build stays out of what is built, so that two builds in different folders are equal.
COMPILE = $(CC) -std=gnu17 -D_GNU_SOURCE -ffile-prefix-map='$(CURDIR)'=. $(CFLAGS) $(WARNINGS) $(SANITIZE) -pthread -Iinclude \
	$(PKG_CFLAGS) $(CPPFLAGS)
LINK = $(CC) $(CFLAGS) $(SANITIZE) -pthread $(LDFLAGS)
LIBS = $(PKG_LIBS) -lm

# What `make run` needs, and what `make test`, `make lint`, `make fuzz` and `make clients` need beside it.
PACKAGES = gcc make pkg-config libmicrohttpd-dev libjansson-dev libpq-dev libcurl4-openssl-dev \
	libinih-dev libdeflate-dev libzstd-dev libxxhash-dev postgresql
TEST_PACKAGES = libcmocka-dev curl python3-feedparser python3-icalendar python3-jsonschema python3-rfc3987 chromium chromium-driver mandoc zsh fish nodejs
LINT_PACKAGES = clang-format clang-tidy cppcheck shellcheck
FUZZ_PACKAGES = clang
CLIENT_PACKAGES = curl nodejs npm
PACKAGE_PACKAGES = mmdebstrap dpkg-dev iproute2 git
CONTAINER_PACKAGES = mmdebstrap buildah podman crun netavark aardvark-dns iptables docker-compose curl nodejs npm

# Each of these has a main of its own.
PROGRAMS = src/main.c src/generate.c
SOURCES := $(filter-out $(PROGRAMS), $(shell find src -name '*.c' | sort))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
ARCHIVE := $(BUILD)/libspacecraft-flights.a
BINARY := $(BUILD)/spacecraft-flights
# Made from the tables of commands and settings: manual pages, and completion of shells.
SHARE := $(BUILD)/share
GENERATED := $(addprefix $(SHARE)/, spacecraft-flights.1 spacecraft-flights.ini.5 \
	spacecraft-flights.bash _spacecraft-flights spacecraft-flights.fish)
SUPPORT := $(sort $(wildcard tests/support/*.c))
SUPPORT_OBJECTS := $(SUPPORT:%.c=$(BUILD)/%.o)
# unit: functions alone; database: functions and commands over PostgreSQL; http: the running server.
TEST_SOURCES := $(sort $(wildcard $(patsubst %,tests/%/test_*.c,unit database http)))
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)
# TESTS_ONLY="base migrate" builds and runs only those.
RUN_TESTS := $(if $(TESTS_ONLY),$(filter $(addprefix %/test_,$(TESTS_ONLY)),$(TESTS)),$(TESTS))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/*.c tests/soak/*.c)))
C_FILES = $(shell find src include tests -name '*.[ch]' | sort)

# As many compilers at once as there are cores, unless make was told.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
QUIET = $(if $(V),,@)

.PHONY: all help deps test-deps lint-deps fuzz-deps client-deps package-deps container-deps run test package \
	clang suites container reproducible check lint lint-quick analyze layers clients accessibility asan tsan valgrind coverage \
	test-programs \
	mutants bench bench-programs soak fuzz install uninstall clean \
	distclean format
.SECONDARY:
.DELETE_ON_ERROR:

all: $(BINARY) $(GENERATED)
	@:

help:
	@echo 'all (default)  $(BINARY)'
	@echo 'run            the server on 127.0.0.1:8000 (LISTEN) with the sample flights, until Ctrl-C'
	@echo 'test           every test, with the packages that they need; TESTS_ONLY="base" for some'
	@echo 'check          the same without looking for packages'
	@echo 'clients        clients made from the OpenAPI document by usual generators, type-checked and run'
	@echo 'accessibility  the pages, by axe-core and Lighthouse'
	@echo 'asan tsan      every test with AddressSanitizer and UBSan, with ThreadSanitizer'
	@echo 'valgrind       every test under valgrind'
	@echo 'coverage       how much of the code all tests run, which must not become less'
	@echo 'mutants        whether tests fail when a rule is taken out of the code; MUTANTS="name" for some'
	@echo 'lint layers    style and static checks (lint-quick: some); which room includes which'
	@echo 'analyze        the analyzers of gcc and clang over the program'
	@echo 'bench fuzz     measure; fuzz each parser for FUZZ_SECONDS (60)'
	@echo 'soak           full load, hostile clients and crashes of PostgreSQL for SOAK_SECONDS (600), under limits'
	@echo 'format         clang-format all files in place'
	@echo 'package        the Debian package, built and tried in chroots; SUITES="bookworm trixie"; for root'
	@echo 'container      the image, linted, built and run, and all of compose.yaml; for root'
	@echo 'clang          the program and all tests, built by clang'
	@echo 'suites         every test in a chroot of SUITES="trixie noble"; for root'
	@echo 'reproducible   whether two builds in different folders are equal'
	@echo 'install        to $$(DESTDIR)$$(prefix), now $(DESTDIR)$(prefix); uninstall removes it'
	@echo 'deps           install missing packages'
	@echo 'clean          remove $(BUILD)/; distclean: $(VAR)/ too, with the database of run'
	@echo 'V=1            show the commands of compiler and linker'

deps:
	@tests/tools/install-packages $(PACKAGES)

test-deps: deps
	@tests/tools/install-packages $(TEST_PACKAGES)
	@tests/tools/prometheus promtool --version >/dev/null

lint-deps: test-deps
	@tests/tools/install-packages $(LINT_PACKAGES)

client-deps: deps
	@tests/tools/install-packages $(CLIENT_PACKAGES)

package-deps:
	@tests/tools/install-packages $(PACKAGE_PACKAGES)

container-deps: deps
	@tests/tools/install-packages $(CONTAINER_PACKAGES)

fuzz-deps: deps
	@tests/tools/install-packages $(FUZZ_PACKAGES)

# Freshly installed packages change what pkg-config says, so that the build is a make of its own.
run: deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD) all
	@setpriv --pdeathsig TERM tests/tools/run-server $(BINARY) $(VAR)

test: test-deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD) check

check: $(BINARY) $(GENERATED) $(RUN_TESTS)
	@SERVER=$(BINARY) tests/tools/run-tests $(RUN_TESTS)

clients: client-deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD) all
	@tests/clients/run $(BINARY) $(BUILD)

accessibility: client-deps
	@tests/tools/install-packages chromium
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD) all
	@tests/accessibility/run $(BINARY) $(BUILD)

# gcc takes the checks that UBSan adds for chances that a format is NULL or too long.
ASAN_CFLAGS = -O1 -g -fno-omit-frame-pointer -Wno-format-truncation -Wno-format-overflow
VALGRIND = valgrind -q --leak-check=full --show-leak-kinds=definite \
	--errors-for-leak-kinds=definite --error-exitcode=99 --fair-sched=try \
	--soname-synonyms=somalloc=NONE

# Programs many times slower than usual keep their times with a core for each.
asan tsan valgrind: export TEST_JOBS ?= $(shell nproc)
# Signal stacks: what ends a cancelled thread takes the stack below for poisoned still.
asan: export ASAN_OPTIONS = detect_leaks=1:use_sigaltstack=0
asan: export UBSAN_OPTIONS = print_stacktrace=1
asan: export TEST_SECONDS = 900
asan: test-deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=build/asan CFLAGS='$(ASAN_CFLAGS)' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' check

tsan: export TSAN_OPTIONS = halt_on_error=1 second_deadlock_stack=1
tsan: export TEST_SECONDS = 900
tsan: test-deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=build/tsan CFLAGS='-O1 -g -fno-omit-frame-pointer' \
		SANITIZE='-fsanitize=thread' check

valgrind: export TEST_WRAPPER = $(VALGRIND)
valgrind: export TEST_SECONDS = 1800
valgrind: test-deps
	@tests/tools/install-packages valgrind
	@$(MAKE) --no-print-directory $(JOBS) BUILD=build/valgrind CFLAGS='-O1 -g' check

# What was once reached is not lost again.
COVERAGE_LINES = 97.6
COVERAGE_BRANCHES = 88.3

coverage: export TEST_SECONDS = 900
coverage: test-deps
	@test ! -d build/coverage || find build/coverage -name '*.gcda' -delete
	@$(MAKE) --no-print-directory $(JOBS) BUILD=build/coverage \
		CFLAGS='-O0 -g --coverage -fprofile-update=atomic' LDFLAGS=--coverage check
	@tests/tools/coverage build/coverage $(COVERAGE_LINES) $(COVERAGE_BRANCHES)

test-programs: $(BINARY) $(GENERATED) $(RUN_TESTS)

# SUITES="bookworm trixie"
package: package-deps
	@tests/package/run $(SUITES)

# SUITES="trixie noble"
suites: package-deps
	@tests/suites/run "$(PACKAGES) $(TEST_PACKAGES)" $(SUITES)

container: container-deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD) all
	@tests/container/run $(BINARY) $(BUILD)

# Everything by the other compiler, whose warnings are errors too.
clang: test-deps fuzz-deps
	@$(MAKE) --no-print-directory $(JOBS) CC=clang BUILD=build/clang all test-programs

# Whether two builds in different folders are equal to the byte.
reproducible: deps
	@tests/tools/check-reproducible

# Mutations of the code, each of which a test has to catch.
mutants: test-deps
	@tests/tools/run-mutants $(MUTANTS)

layers:
	@tests/tools/check-layers

SCRIPTS = .ci/run $(shell grep -rlE '^\#!/bin/(ba)?sh' tests/tools tests/bench tests/clients tests/package tests/container tests/suites)

# What takes seconds, for every change; `lint` is all of it, which takes minutes.
lint-quick: lint-deps layers
	clang-format --dry-run --Werror $(C_FILES)
	shellcheck -S warning $(SCRIPTS)
	tests/tools/run-mutants --check
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -j2 -Iinclude -Itests -Isrc --suppress=missingIncludeSystem \
		--library=tests/tools/cppcheck.cfg src tests

lint: lint-quick
	printf '%s\n' $(SOURCES) $(PROGRAMS) $(SUPPORT) $(TEST_SOURCES) | \
		xargs -P $$(nproc) -n 8 bash -c 'clang-tidy --quiet "$$@" -- -std=gnu17 -D_GNU_SOURCE \
			-Iinclude -Itests -Isrc $(PKG_CFLAGS) 2> >(grep -v " warnings\\? generated" >&2)' clang-tidy

# What finds paths to leaks, to freed memory and to NULL.
analyze: deps fuzz-deps
	@CFLAGS='$(PKG_CFLAGS)' tests/tools/analyze $(SOURCES) $(PROGRAMS)

format:
	clang-format -i $(C_FILES)

# BENCH="cold import" for some sections.
bench: test-deps
	@tests/bench/install
	@$(MAKE) --no-print-directory BUILD=$(BUILD) all bench-programs
	@SERVER=$(BINARY) tests/bench/run $(BENCH)

bench-programs: $(BENCHES)

# What happens in weeks, in ten minutes; SOAK_SECONDS=40 for less, without a judgement on memory.
soak: test-deps
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD) all bench-programs
	@SERVER=$(BINARY) tests/soak/run

# FUZZ="page query" for some.
fuzz: fuzz-deps
	@$(MAKE) --no-print-directory $(JOBS) CC=clang BUILD=build/fuzz CFLAGS='-O1 -g' \
		SANITIZE='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' \
		build/fuzz/libspacecraft-flights.a
	@CC=clang LIBRARIES='$(LIBRARIES)' tests/tools/run-fuzz build/fuzz $(FUZZ)

install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(datadir)/sql $(DESTDIR)$(datadir)/monitoring $(DESTDIR)$(docdir)/docs $(DESTDIR)$(unitdir) \
		$(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(bashdir) $(DESTDIR)$(zshdir) \
		$(DESTDIR)$(fishdir)
	install -m 755 $(BINARY) $(DESTDIR)$(bindir)/spacecraft-flights
	install -m 644 $(wildcard sql/*.sql) $(DESTDIR)$(datadir)/sql
	install -m 644 monitoring/alerts.yml monitoring/dashboard.json $(DESTDIR)$(datadir)/monitoring
	install -m 644 config.example.ini README.md $(DESTDIR)$(docdir)
	install -m 644 $(wildcard docs/*.md) $(DESTDIR)$(docdir)/docs
	install -m 644 $(SHARE)/spacecraft-flights.1 $(DESTDIR)$(mandir)/man1
	install -m 644 $(SHARE)/spacecraft-flights.ini.5 $(DESTDIR)$(mandir)/man5
	install -m 644 $(SHARE)/spacecraft-flights.bash $(DESTDIR)$(bashdir)/spacecraft-flights
	install -m 644 $(SHARE)/_spacecraft-flights $(DESTDIR)$(zshdir)
	install -m 644 $(SHARE)/spacecraft-flights.fish $(DESTDIR)$(fishdir)
	sed 's|/usr/local/bin|$(bindir)|' src/spacecraft-flights.service >$(DESTDIR)$(unitdir)/spacecraft-flights.service
	install -m 644 src/spacecraft-flights.socket $(DESTDIR)$(unitdir)

uninstall:
	rm -rf $(DESTDIR)$(datadir) $(DESTDIR)$(docdir)
	rm -f $(DESTDIR)$(bindir)/spacecraft-flights $(addprefix $(DESTDIR)$(unitdir)/spacecraft-flights,.service .socket) \
		$(DESTDIR)$(mandir)/man1/spacecraft-flights.1 $(DESTDIR)$(mandir)/man5/spacecraft-flights.ini.5 \
		$(DESTDIR)$(bashdir)/spacecraft-flights $(DESTDIR)$(zshdir)/_spacecraft-flights \
		$(DESTDIR)$(fishdir)/spacecraft-flights.fish

clean:
	rm -rf $(BUILD)

# The database may stand outside of VAR (tests/tools/private-postgres).
distclean: clean
	@test ! -d $(VAR) || tests/tools/private-postgres remove $(VAR)
	rm -rf $(VAR)

# Files that EMBED puts into objects are not in the dependency files that gcc writes.
EMBEDDED := $(wildcard sql/*.sql) $(shell find src -name '*.html' -o -name '*.css' -o -name '*.js' \
	-o -name '*.svg' -o -name '*.json' -o -name '*.sql' \
	-o -name '*.ics' -o -name '*.xml')
EMBEDDERS := $(shell grep -rls --include='*.c' -e incbin -e 'EMBED\>' src tests)
$(EMBEDDERS:%.c=$(BUILD)/%.o): $(EMBEDDED)

# The pages' policy lets their style in by its hash, as browsers compute it.
STYLE_SHA256 = $(shell sha256sum src/browsable/page.css | cut -c1-64 | tr a-f A-F | basenc -d --base16 | base64)
$(BUILD)/src/browsable/layout.o: override CPPFLAGS += -DPAGE_STYLE_SHA256='"$(STYLE_SHA256)"'

$(BINARY): $(BUILD)/src/main.o $(ARCHIVE)
	@echo '  LD $@'
	$(QUIET)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/generate: $(BUILD)/src/generate.o $(ARCHIVE)
	@echo '  LD $@'
	$(QUIET)$(LINK) -o $@ $^ $(LIBS)

$(SHARE)/spacecraft-flights.1: KIND = man1
$(SHARE)/spacecraft-flights.ini.5: KIND = man5
$(SHARE)/spacecraft-flights.bash: KIND = bash
$(SHARE)/_spacecraft-flights: KIND = zsh
$(SHARE)/spacecraft-flights.fish: KIND = fish
$(GENERATED): $(BUILD)/generate
	@mkdir -p $(@D)
	@echo '  GEN $@'
	$(QUIET)$(BUILD)/generate $(KIND) >$@

# What the archive was made of: it is out of date as well where a source was only removed.
MEMBERS := $(BUILD)/members
ifneq ($(file <$(MEMBERS)),$(OBJECTS))
.PHONY: $(MEMBERS)
endif
$(MEMBERS):
	@mkdir -p $(@D)
	@echo '$(OBJECTS)' >$@

# Made anew, so that objects of removed files do not stay inside.
$(ARCHIVE): $(OBJECTS) $(MEMBERS)
	@rm -f $@
	@echo '  AR $@'
	$(QUIET)ar rcs $@ $(OBJECTS)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT_OBJECTS) $(ARCHIVE)
	@echo '  LD $@'
	$(QUIET)$(LINK) -o $@ $^ $(LIBS) -lcmocka

# With other flags they are other objects.
$(BUILD)/src/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(QUIET)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c Makefile
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(QUIET)$(COMPILE) -Itests -Isrc -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d) $(PROGRAMS:%.c=$(BUILD)/%.d) $(SUPPORT_OBJECTS:.o=.d) $(TESTS:=.d) $(BENCHES:=.d)
