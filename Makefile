# Rundbrief: one Makefile, one graph, no recursion but for variants. `make help` lists the targets.
NAME    := rundbrief
VERSION := 0.1.0

# ---- where things go when installed (GNU names; all honour DESTDIR) ----------------------------------------------
prefix     ?= /usr/local
bindir     ?= $(prefix)/bin
datadir    ?= $(prefix)/share
mandir     ?= $(prefix)/share/man
sysconfdir ?= /etc
libdir     ?= /usr/lib
INSTALL    ?= install

# ---- what we build on: tests/packages.txt names the Debian packages ----------------------------------------------
PACKAGES   := glib-2.0 sqlite3 libconfig libsodium libcurl gnutls jansson yaml-0.1 libidn2 libical libsystemd libcrypto libcares libpsl
PKG_CONFIG ?= pkg-config
# Asked once, and only when something is compiled: before `make deps` there is no pkg-config. libetpan's own file would
# switch PIE off; cmark-gfm's extensions have none. libgd is loaded when it is needed (announcements/gd_library.h).
DEP_CFLAGS  = $(eval DEP_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES)))$(DEP_CFLAGS)
DEP_LIBS    = $(eval DEP_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -letpan -lcmark-gfm-extensions -lcmark-gfm)$(DEP_LIBS)

# ---- variants: `make V=asan check` builds a second tree beside the first -----------------------------------------
V ?= release
VARIANT_release := -O2 -g -D_FORTIFY_SOURCE=2
VARIANT_debug   := -O0 -g3
VARIANT_asan    := -O1 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
VARIANT_cover   := -O0 -g3 --coverage
VARIANT_fuzz    := -O1 -g3 -fsanitize=fuzzer-no-link,address,undefined
ifeq ($(origin VARIANT_$(V)),undefined)
$(error unknown variant V=$(V); use release, debug, asan, cover or fuzz)
endif
ifeq ($(V),fuzz)
CC := clang
endif
B := build/$(V)

WARNINGS := -std=gnu17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
            -Wpointer-arith -Wvla -Wundef -Wformat=2 -fno-common
ALL_CPPFLAGS = -Isrc -I$(B)/src -DRUNDBRIEF_VERSION='"$(VERSION)"' -DRUNDBRIEF_DATADIR='"$(datadir)/$(NAME)"' \
               -include src/base/banned.h $(CPPFLAGS)
ALL_CFLAGS   = $(WARNINGS) $(VARIANT_$(V)) -fstack-protector-strong -fPIE $(DEP_CFLAGS) $(CFLAGS)
ALL_LDFLAGS  = $(VARIANT_$(V)) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# ---- sources are found, never listed -----------------------------------------------------------------------------
LIB_SRC   := $(filter-out src/main.c,$(wildcard src/*/*.c))
TEST_SRC  := $(wildcard tests/unit/*/test_*.c)
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FAKE_SRC  := $(wildcard tests/fake/*.c)
BENCH_SRC := $(wildcard tests/bench/*.c)
HEADERS   := $(wildcard src/*/*.h)
SQL       := $(sort $(wildcard src/store/sql/statements/*.sql)) $(sort $(wildcard src/store/sql/schema/*.sql))
LIB       := $(B)/lib$(NAME).a
BIN       := $(B)/$(NAME)
TESTS     := $(TEST_SRC:%.c=$(B)/%)
FUZZERS   := $(FUZZ_SRC:%.c=$(B)/%)
PRELOADS  := $(patsubst tests/fake/preload/%.c,$(B)/tests/fake/%.so,$(wildcard tests/fake/preload/*.c))
FAKES     := $(FAKE_SRC:%.c=$(B)/%) $(PRELOADS)
BENCHES   := $(BENCH_SRC:%.c=$(B)/%)
GENERATED := $(B)/src/store/statements_table.h

.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all accuracy deps demo check check-tap check-unit asan torture lint settings headers syntax bench fuzz fuzzers install uninstall clean help FORCE

all: $(BIN)                     ## build the program

$(BIN): $(B)/src/main.o $(LIB)
	@echo '  LINK    $@'; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(DEP_LIBS) $(LDLIBS)

$(LIB): $(LIB_SRC:%.c=$(B)/%.o)
	@echo '  AR      $@'; rm -f $@; $(AR) rcs $@ $^

$(B)/%.o: %.c $(B)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@echo '  CC      $<'; $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Rebuild everything of this variant when compiler or flags change.
FLAGS = $(subst ','\'',$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS))
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@
FORCE:

# SQL lives in .sql files; the program gets it as one table.
$(GENERATED): src/store/embed.awk $(SQL)
	@mkdir -p $(@D)
	@echo '  EMBED   $@'; awk -f src/store/embed.awk $(SQL) > $@

# ---- tests: every test is a program that prints TAP --------------------------------------------------------------
$(B)/tests/unit/announcements/test_media: LDLIBS += -lgd # draws its own pictures
$(TESTS) $(filter-out $(PRELOADS),$(FAKES)) $(BENCHES): %: %.o $(LIB)
	@echo '  LINK    $@'; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(DEP_LIBS) $(LDLIBS)

# What is loaded before the C library is for any variant, and knows nothing of us.
$(PRELOADS): $(B)/tests/fake/%.so: tests/fake/preload/%.c $(B)/flags
	@mkdir -p $(@D)
	@echo '  LINK    $@'; $(CC) $(WARNINGS) -O2 -g -fPIC -shared -o $@ $<

export RUNDBRIEF = $(abspath $(BIN))
export BUILD     = $(abspath $(B))
export TMPDIR   ?= $(shell tests/tmpdir)
check:                          ## install what is missing, build, pass every test
	@tests/deps build demo test
	@$(MAKE) check-tap
PROVE_FLAGS ?= -j2
check-tap: $(TESTS) $(BIN) $(FAKES) $(BENCHES)
	@prove -e '' --timer $(PROVE_FLAGS) tests/lint $(TESTS) tests/integration
check-unit: $(TESTS) $(BIN) $(FAKES) ## unit tests only, about a minute
	@prove -e '' $(PROVE_FLAGS) $(TESTS)
asan:                           ## the same tests under AddressSanitizer and UBSan
	@$(MAKE) V=asan check

torture: $(BIN) $(FAKES)        ## faults at full length: 200 kills and power cuts, full disk, clock, lost lines; an hour
	@tests/deps build demo test
	@KILLS=200 PEOPLE=20000 BACKLOG=2500 CONNECTIONS=16 prove -e '' --timer -v tests/integration/6[0-9]-*.t tests/integration/75-*.t

# ---- static checks -----------------------------------------------------------------------------------------------
lint: $(BIN)                    ## layers, libraries, function length, lone headers, documented settings …
	@prove -e '' -v tests/lint
settings: $(BIN)                ## write the sample configuration and the pages that come from the settings table
	$(BIN) config sample > conf/rundbrief.conf
	$(BIN) config docs > docs/settings.md
	$(BIN) config man > docs/man/rundbrief.conf.5
headers: $(HEADERS:%.h=$(B)/%.header)
$(B)/%.header: %.h $(B)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@echo '#include "$(patsubst src/%,%,$<)"' | $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Werror -fsyntax-only -x c - && touch $@
syntax: $(patsubst %.c,$(B)/%.syntax,$(LIB_SRC) src/main.c $(TEST_SRC) $(FAKE_SRC) $(BENCH_SRC) $(FUZZ_SRC))
$(B)/%.syntax: %.c $(HEADERS) $(B)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -Werror -fsyntax-only $< && touch $@

# ---- fuzzing (clang) ---------------------------------------------------------------------------------------------
FUZZ_SECONDS ?= 60
$(FUZZERS): %: %.o $(LIB)
	@echo '  LINK    $@'; $(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(DEP_LIBS) $(LDLIBS)
fuzzers: $(FUZZERS)
fuzz:                           ## run each fuzzer for FUZZ_SECONDS
	@$(MAKE) V=fuzz fuzzers
	@tests/fuzz/run build/fuzz/tests/fuzz $(FUZZ_SECONDS)

# ---- how well mails that came back are understood ----------------------------------------------------------------
MISSES ?= 0
accuracy: $(BIN)                ## score the classifier on a labelled corpus: CORPUS=DIR; MISSES=40 names the missed
	@test -r "$(CORPUS)/truth.tsv" || { echo "say where the corpus is: make accuracy CORPUS=DIR" >&2; exit 2; }
	@$(BIN) inbox classify --tsv $(CORPUS)/messages > $(B)/accuracy.tsv
	@python3 $(CORPUS)/score.py $(CORPUS)/truth.tsv $(B)/accuracy.tsv --misses $(MISSES)

# ---- for newcomers -----------------------------------------------------------------------------------------------
deps:                           ## install the Debian packages that are missing
	@tests/deps build demo test
demo:                           ## the main job with a real Postfix and Dovecot; INPUT=FILE takes another press release
	@tests/deps build demo
	@$(MAKE) -s all
	@tests/demo/demo $(if $(INPUT),"$(INPUT)")

# ---- speed -------------------------------------------------------------------------------------------------------
bench: $(BIN) $(FAKES)          ## how fast it sends beside smtp-source, and how fast it reads mails; BENCH_QUICK=1 for a short one
	@tests/deps build demo bench
	@tests/bench/bench
	@RUNDBRIEF=$(BIN) tests/bench/triage

# ---- install -----------------------------------------------------------------------------------------------------
UNITS := $(notdir $(wildcard systemd/*.service systemd/*.target))
install: all                    ## DESTDIR=/staging make install
	$(INSTALL) -D -m 0755 $(BIN) $(DESTDIR)$(bindir)/$(NAME)
	$(INSTALL) -D -m 0644 conf/rundbrief.conf $(DESTDIR)$(sysconfdir)/$(NAME)/rundbrief.conf.sample
	for file in $$(find templates -type f); do $(INSTALL) -D -m 0644 $$file $(DESTDIR)$(datadir)/$(NAME)/$$file || exit 1; done
	$(INSTALL) -D -m 0644 docs/man/rundbrief.1 $(DESTDIR)$(mandir)/man1/rundbrief.1
	$(INSTALL) -D -m 0644 docs/man/rundbrief.conf.5 $(DESTDIR)$(mandir)/man5/rundbrief.conf.5
	$(INSTALL) -d $(DESTDIR)$(libdir)/systemd/system
	for unit in $(UNITS); do sed 's|/usr/local/bin|$(bindir)|' systemd/$$unit > $(DESTDIR)$(libdir)/systemd/system/$$unit || exit 1; done
	$(INSTALL) -D -m 0644 systemd/rundbrief.sysusers $(DESTDIR)$(libdir)/sysusers.d/rundbrief.conf
	$(INSTALL) -D -m 0644 systemd/rundbrief.tmpfiles $(DESTDIR)$(libdir)/tmpfiles.d/rundbrief.conf
uninstall:                      ## remove what install put there, but for configuration and data
	rm -f $(DESTDIR)$(bindir)/$(NAME) $(DESTDIR)$(mandir)/man1/rundbrief.1 $(DESTDIR)$(mandir)/man5/rundbrief.conf.5
	rm -f $(addprefix $(DESTDIR)$(libdir)/systemd/system/,$(UNITS))
	rm -f $(DESTDIR)$(libdir)/sysusers.d/rundbrief.conf $(DESTDIR)$(libdir)/tmpfiles.d/rundbrief.conf
	rm -rf $(DESTDIR)$(datadir)/$(NAME)

clean:                          ## remove every variant
	rm -rf build
help:
	@awk -F'##' '/^[a-z-]+:.*##/ { split($$1, target, ":"); printf "  make %-12s %s\n", target[1], $$2 }' $(MAKEFILE_LIST)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
