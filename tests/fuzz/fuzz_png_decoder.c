/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of the decoder of PNG image data: it gives the rows and the verdict of libpng. Two
 * kinds of damage are left out, which the decoders may judge differently: a Huffman code with
 * unused bits, and a stream that is cut in its checksum, which libpng does not always notice.
 *
 * libFuzzer: -max_len=2048
 * Extensions: png
 */
#include <stdlib.h>
#include <string.h>

#include "../png_readers.h"
#include "fuzz.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_png(data, size, max_size, seed);
}

/* Returns true if the own decoder may refuse what libpng reads: an end of the stream that is cut or
 * wrong. */
static bool may_refuse(const png_reading *own)
{
    return own->rows + 7 >= own->height &&
           (strstr(own->error.message, "too little image data") ||
            strstr(own->error.message, "wrong checksum of the image"));
}

static void compare_readers(const uint8_t *data, size_t size, const eg_read_options *options)
{
    const char *path = fuzz_file("file.png", data, size);
    png_reading own = read_png(fuzz_context(), path, options, false, 7);
    png_reading libpng = read_png(fuzz_context(), path, options, true, 7);
    const char *difference = compare_png_readings(&own, &libpng);
    const bool allowed = own.status == EG_OK ? has_incomplete_code(data, size)
                                             : libpng.status == EG_OK && may_refuse(&own);
    require(!difference || allowed, difference, own.status ? &own.error : &libpng.error);
    free(own.data);
    free(libpng.data);
    require_released();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    eg_read_options options;
    eg_read_default(&options);
    options.colour_planes = size & 1;
    options.as_values = size & 2;
    options.alpha = size & 4 ? EG_ALPHA_MASK : size & 8 ? EG_ALPHA_OVER : EG_ALPHA_IGNORE;
    compare_readers(data, size, &options);
    return 0;
}
