# SPDX-License-Identifier: MIT
# Source tarball and packages; docs/PACKAGING.md describes them. Included by the Makefile.

# Address of the project's page, where its tarballs are. Whoever publishes it sets it here (docs/PACKAGING.md); without
# it packages name no page, and take the tarball from build/dist.
HOMEPAGE ?=
PACKAGES := $(BUILD)/packages

.PHONY: dist deb check-deb packages check-packages check-aarch64

dist: | $(BUILD)/.gitignore ## write the source tarball of the last commit; two runs write the same bytes
	$(Q)tools/package/dist $(BUILD)/dist

# Not part of check, because it builds all again and fetches a Debian.
check-deb: deb ## build the Debian packages; install, run and purge them in a new system (mmdebstrap)
	$(Q)tools/package/check-deb $(PACKAGES)/deb

# Files that describe packages to other systems, with the version, the dependencies and the tarball of this source tree.
packages: | $(BUILD)/.gitignore ## write an RPM spec, a Homebrew formula and a conda recipe to build/packages
	$(Q)tools/package/fill-all "$$(tools/package/dist $(BUILD)/dist)" $(PACKAGES) HOMEPAGE=$(HOMEPAGE)

check-packages: ## check the files of make packages with their tools, build the RPM and the image's root; install what is missing
	$(Q)tools/install-deps --test --package
	$(Q)$(MAKE) --no-print-directory packages $(BIN)
	$(Q)tools/package/check-packages $(PACKAGES) $(BUILD)/dist $(MAKE) BUILD=$(BUILD)

# Prints the SONAMEs of the libraries that are loaded when they are first needed.
loaded-libraries:
	@echo $(TIFF_LIBRARY) $(CAIRO_LIBRARY) $(ARB_LIBRARY) $(DEFLATE_LIBRARY) $(ZSTD_LIBRARY) $(LZMA_LIBRARY)
.PHONY: loaded-libraries

deb: | $(BUILD)/.gitignore ## build Debian packages in build/packages/deb, and check them with lintian; install missing packages
	$(Q)tools/install-deps --test --deb
	$(Q)HOMEPAGE=$(HOMEPAGE) tools/package/deb "$$(tools/package/dist $(BUILD)/dist)" $(PACKAGES)/deb

built-command:
	@echo $(BIN)
.PHONY: built-command

# ---- AArch64 -----------------------------------------------------------------------------------

# Tests of what is computed, which takes another way there: vectors of NEON, and the C library's functions. QEMU runs
# them at a tenth of the speed, so tests of files and of threads are left out; AARCH64_TESTS names others.
AARCH64       := $(BUILD)/aarch64
AARCH64_ROOT  := $(abspath $(AARCH64))/sysroot
AARCH64_RUN   := qemu-aarch64-static -L $(AARCH64_ROOT)
AARCH64_TESTS ?= boundary_strength edge_options edge_planes edge_references edges expr expr_batch expr_values functions \
                 gradient gradient_planes hysteresis jet_maps portable_math ridge terrain terrain_gdal
AARCH64_MAKE   = PKG_CONFIG_SYSROOT_DIR=$(AARCH64_ROOT) \
    PKG_CONFIG_LIBDIR=$(AARCH64_ROOT)/usr/lib/aarch64-linux-gnu/pkgconfig:$(AARCH64_ROOT)/usr/share/pkgconfig \
    $(MAKE) --no-print-directory BUILD=$(AARCH64) SYSROOT=$(AARCH64_ROOT) AR=aarch64-linux-gnu-ar \
    CC="aarch64-linux-gnu-gcc --sysroot=$(AARCH64_ROOT)" EMULATOR="$(AARCH64_RUN)"

check-aarch64: ## build for AArch64, test it under QEMU, and compare with this processor; install what is missing
	$(Q)tools/install-deps --test --aarch64
	$(Q)tools/package/sysroot arm64 $(AARCH64)/sysroot
	$(Q)$(MAKE) --no-print-directory $(BIN)
	$(Q)$(AARCH64_MAKE) $(AARCH64)/edgegrad $(AARCH64_TESTS:%=$(AARCH64)/tests/test_%)
	$(Q)tools/package/emulated-tests "$(AARCH64_RUN)" $(AARCH64)/tests $(AARCH64_TESTS)
	$(Q)tools/package/same-results $(BIN) "$(AARCH64_RUN) $(AARCH64)/edgegrad" $(AARCH64)/results
