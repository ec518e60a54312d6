/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of sidecar files beside an image: .aux.xml, .prj and a world file, separated by bytes
 * 0, in the order that the first byte chooses.
 *
 * libFuzzer: -max_len=1024
 */
#include <math.h>
#include <string.h>

#include "fuzz.h"

static const char image[] = "P5 3 2 255\nabcdef";

static void check_georef(const eg_georef *georef)
{
    char system[64];
    const double *t = georef->transform;
    if (georef->located) {
        for (int i = 0; i < 6; i++)
            require(isfinite(t[i]), "a transform is finite", NULL);
        require(t[1] * t[5] != t[2] * t[4], "a transform can be inverted", NULL);
    }
    require(georef->unit > 0, "a ground unit has a length", NULL);
    eg_georef_system(georef, system, sizeof system);
    eg_georef_epsg(georef);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"file.pgm.aux.xml", "file.prj", "file.pgw", "file.wld"};
    fuzz_bytes bytes = {data, size};
    eg_error error = {0};
    eg_source *source = NULL;
    eg_read_options options;
    const unsigned first = pick(&bytes, 4);
    fuzz_remove_files();
    for (unsigned i = 0; i < 4 && bytes.left > 0; i++) {
        const uint8_t *end = memchr(bytes.at, 0, bytes.left);
        const size_t length = end ? (size_t)(end - bytes.at) : bytes.left;
        if (length > 0)
            fuzz_file(names[(first + i) % 4], bytes.at, length);
        bytes.at += length + (end != NULL);
        bytes.left -= length + (end != NULL);
    }
    eg_read_default(&options);
    options.as_values = size & 1;
    const char *path = fuzz_file("file.pgm", image, sizeof image - 1);
    eg_status status = eg_source_open(&source, fuzz_context(), path, &options, &error);
    require(status == error.status, "the status returned is the one recorded", &error);
    require(status == EG_OK || status == EG_BAD_INPUT, "only the input is to blame", &error);
    if (status == EG_OK && eg_source_georef(source))
        check_georef(eg_source_georef(source));
    eg_source_close(source);
    require_released();
    return 0;
}
