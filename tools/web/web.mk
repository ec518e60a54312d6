# SPDX-License-Identifier: MIT
# The page to try edgegrad in a browser, and the npm package; docs/WEB.md describes them. Included by the Makefile.

# The library for WebAssembly has no codecs and no threads: browsers decode images, and what is left of io/ works in memory.
WEB         := $(BUILD)/web
WEB_OBJ     := $(BUILD)/web-objects
WEB_TOOLS   := $(BUILD)/web-tools
EMCC        ?= emcc
WEB_FOLDERS := core options gradient edge terrain flux expr real solve surface vector descent
WEB_FOLDERS += io/output io/vector
WEB_LIBRARY := $(filter $(addprefix src/,$(addsuffix /%,$(WEB_FOLDERS))),$(SOURCES) $(ROWS)) \
               $(addprefix src/io/,decimal.c default_options.c csv/table.c) \
               $(addprefix src/io/georef/,georef_source.c crs_apply.c crs_codes.c crs_table.c wkt.c arcinfo.c) \
               $(addprefix src/plot/,levels.c ticks.c)
WEB_GLUE    := $(wildcard src/web/glue/*.c)
WEB_OBJECTS := $(WEB_LIBRARY:%.c=$(WEB_OBJ)/%.o)
WEB_MODULES := $(shell find src/web tools/web -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.html')

# Kernels are compiled for speed, the rest for a page that loads soon.
WEB_MODES   := $(MODES) -msimd128 -fvisibility=hidden $(WARN) -MMD -MP -Iinclude -Isrc
WEB_SPEED    = $(if $(filter %_rows.c,$(1)),-O3 -DEG_LEVEL=baseline,-O2)

.PHONY: web check-web web-run

web: ## build the page to try edgegrad in a browser, and the npm package; install emscripten, esbuild and Node if missing
	$(Q)tools/install-deps --web
	$(Q)$(MAKE) --no-print-directory $(if $(findstring --jobserver,$(MAKEFLAGS)),,-j2) $(WEB)/index.html

$(WEB_OBJ)/%.o: %.c | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D)
	$(if $(V),,@echo "  EMCC  $<")
	$(Q)$(EMCC) $(WEB_MODES) $(call WEB_SPEED,$<) -c $< -o $@

# JavaScript calls functions that no header declares.
$(WEB_OBJ)/src/web/%.o: WEB_MODES += -Wno-missing-prototypes
$(WEB_OBJ)/src/edge/lines/%.o: WEB_MODES += -include src/web/glue/qsort_r.h

# The names of the objects, because make builds no missing object of an archive that is newer (.SECONDARY).
WEB_LIST := $(WEB_OBJ)/objects.txt
ifneq ($(shell cat $(WEB_LIST) 2>/dev/null),$(strip $(WEB_OBJECTS) $(WEB_GLUE)))
.PHONY: $(WEB_LIST)
endif
$(WEB_LIST): | $(BUILD)/.gitignore
	$(Q)mkdir -p $(@D) && rm -f $(WEB_OBJ)/libedgegrad.a $(WEB_OBJ)/edgegrad.wasm && echo $(strip $(WEB_OBJECTS) $(WEB_GLUE)) > $@

$(WEB_OBJ)/libedgegrad.a: $(WEB_LIST) $(WEB_OBJECTS)
	$(Q)rm -f $@ && emar rcs $@ $(WEB_OBJECTS)

# A module without JavaScript of its own: src/web/engine/load.js has the few functions that it imports.
WEB_LINKED  := $(WEB_GLUE:%.c=$(WEB_OBJ)/%.o) $(WEB_OBJ)/libedgegrad.a
$(WEB_OBJ)/edgegrad.wasm: $(WEB_LIST) $(WEB_LINKED)
	$(if $(V),,@echo "  EMCC  $@")
	$(Q)$(EMCC) -O2 -msimd128 --no-entry -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB \
	    -sTOTAL_STACK=1MB -sERROR_ON_UNDEFINED_SYMBOLS=1 -o $@ $(WEB_LINKED)

# Packages of npm that the page contains and that its tests use.
GEOTIFF   := 3.0.5
AXE       := 4.14.1
WEB_READY := $(WEB_TOOLS)/ready-$(GEOTIFF)-$(AXE)
$(WEB_READY): | $(BUILD)/.gitignore
	$(Q)npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(WEB_TOOLS) geotiff@$(GEOTIFF) axe-core@$(AXE)
	$(Q)touch $@

$(WEB)/index.html: $(WEB_OBJ)/edgegrad.wasm $(WEB_READY) $(WEB_MODULES) testdata/coffee.jpg
	$(if $(V),,@echo "  PACK  $@")
	$(Q)node tools/web/pack.mjs --wasm $< --modules $(WEB_TOOLS)/node_modules --version $(VERSION) --out $(WEB)

# Not part of check, because emscripten and Chromium are large packages.
check-web: ## build the page, and test it in a browser; install what is missing
	$(Q)tools/install-deps --test --report --web
	$(Q)$(MAKE) --no-print-directory $(if $(findstring --jobserver,$(MAKEFLAGS)),,-j2) $(WEB)/index.html $(BIN) $(DRIVER)
	$(Q)$(MAKE) --no-print-directory web-run

web-run:
	$(Q)BUILD=$(abspath $(BUILD)) node --test tests/web/

bench-web: $(WEB_OBJ)/edgegrad.wasm ## measure what a change takes in the page's module
	$(Q)node tools/web/bench.mjs $<
.PHONY: bench-web

web-pictures: $(WEB)/index.html $(DRIVER) ## make the screenshots of docs/WEB.md again
	$(Q)BUILD=$(abspath $(BUILD)) node tools/web/screenshots.mjs docs/images
.PHONY: web-pictures
