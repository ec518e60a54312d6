/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the recognition of formats: any bytes under a name that tells nothing, who wrote
 * them, whether a name is that of an image, and its edges.
 *
 * libFuzzer: -max_len=4096
 * Extensions: asc jpg pam pbm pfm pgm png ppm tif
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *name = fuzz_text(data, size);
    const bool read = eg_source_recognizes(name), written = eg_sink_recognizes(name, NULL);
    require(!written || read, "a format that is written is read", NULL);
    free(name);
    const char *path = fuzz_file("file", data, size);
    const eg_origin origin = eg_file_origin(path);
    require((origin == EG_ORIGIN_NONE) == (size == 0), "only an empty file is nobody's", NULL);
    if (size % 4)
        fuzz_read_path(path, size);
    else
        fuzz_find_edges(path, size);
    return 0;
}
