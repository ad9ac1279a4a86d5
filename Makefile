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
PACKAGES   := glib-2.0 sqlite3 libconfig libsodium libcurl gnutls jansson yaml-0.1 libidn2 libical libsystemd gdlib
PKG_CONFIG ?= pkg-config
DEP_CFLAGS  = $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
# libetpan's own pkg-config file switches PIE off; cmark-gfm's extensions have none.
DEP_LIBS    = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -letpan -lcmark-gfm-extensions -lcmark-gfm

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
# Our own symbols are visible to libraries: mail/boundary.c replaces a broken function inside libetpan.
ALL_LDFLAGS  = $(VARIANT_$(V)) -pie -rdynamic -Wl,-z,relro,-z,now $(LDFLAGS)

# ---- sources are found, never listed -----------------------------------------------------------------------------
LIB_SRC  := $(filter-out src/main.c,$(wildcard src/*/*.c))
TEST_SRC := $(wildcard tests/unit/*/test_*.c)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
FAKE_SRC := $(wildcard tests/fake/*.c)
HEADERS  := $(wildcard src/*/*.h)
OBJ       = $(1:%.c=$(B)/%.o)
LIB      := $(B)/lib$(NAME).a
BIN      := $(B)/$(NAME)
TESTS    := $(TEST_SRC:%.c=$(B)/%)
FUZZERS  := $(FUZZ_SRC:%.c=$(B)/%)
FAKES    := $(FAKE_SRC:%.c=$(B)/%)
GENERATED := $(B)/src/store/statements_table.h

.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all check-unit deps deps-test demo check check-all lint headers asan fuzz fuzzers install uninstall clean help FORCE

all: $(BIN)                     ## build the program

$(BIN): $(B)/src/main.o $(LIB)
	@echo '  LINK    $@'; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(DEP_LIBS) $(LDLIBS)

$(LIB): $(call OBJ,$(LIB_SRC))
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
$(B)/src/store/statements_table.h: src/store/embed.awk $(wildcard src/store/sql/*/*.sql)
	@mkdir -p $(@D)
	@echo '  EMBED   $@'; awk -f $< $(sort $(wildcard src/store/sql/statements/*.sql)) $(sort $(wildcard src/store/sql/schema/*.sql)) > $@

# ---- tests: every test is a program that prints TAP --------------------------------------------------------------
$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIB)
	@echo '  LINK    $@'; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(DEP_LIBS) $(LDLIBS)
$(B)/tests/fake/%: $(B)/tests/fake/%.o $(LIB)
	@echo '  LINK    $@'; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(DEP_LIBS) $(LDLIBS)

check-unit: $(TESTS) $(BIN) $(FAKES)          ## unit tests only
	prove -e '' $(PROVE_FLAGS) $(TESTS)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
