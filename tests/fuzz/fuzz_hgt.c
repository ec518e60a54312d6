/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of SRTM's tiles. Their size is fixed, so the input is written over a file of 1201 x
 * 1201 samples of 0, and the first row is read; a few inputs are read to the end. The first
 * bytes choose the size and the name of the file.
 *
 * libFuzzer: -max_len=256
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

enum { SIDE = 1201, SIZE = 2 * SIDE * SIDE };

static const char *make_file(fuzz_bytes *bytes)
{
    static const char *const names[] = {"N45E007.hgt", "s00w180.HGT", "N91E000.hgt", "tile.hgt"};
    static const int off[] = {0, 0, 0, 0, -1, 1, -2 * SIDE, SIZE};
    const char *path = fuzz_path(names[pick(bytes, 4)]);
    const int size = SIZE + off[pick(bytes, 8)];
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0 || ftruncate(fd, size) != 0 || pwrite(fd, bytes->at, bytes->left, 0) < 0 ||
        close(fd) != 0)
        abort();
    return path;
}

/* Requires that the first samples are those of the file. */
static void check_samples(const fuzz_bytes *bytes, const float *row)
{
    for (size_t i = 0; i < bytes->left / 2 && i < SIDE; i++) {
        const int stored = (int16_t)(bytes->at[2 * i] << 8 | bytes->at[2 * i + 1]);
        const bool none = stored == -32768;
        require(none ? row[i] != row[i] : row[i] == (float)stored, "a sample is that of the file",
                NULL);
    }
}

/* Reads the first row, with limits that allow the whole file. */
static eg_status read_start(const char *path, const fuzz_bytes *bytes, bool all, eg_error *error)
{
    static eg_context *ctx;
    static float row[SIDE];
    eg_source *source = NULL;
    eg_read_options options;
    eg_read_default(&options);
    options.as_values = true;
    eg_config config;
    eg_config_default(&config);
    config.threads = 1;
    if (!ctx)
        require(eg_context_new(&ctx, &config, error) == EG_OK, "a context", error);
    eg_status status = eg_source_open(&source, ctx, path, &options, error);
    if (status == EG_OK)
        require(eg_source_info(source)->sample == EG_F32 && eg_source_info(source)->width == SIDE,
                "a tile is floats", error);
    for (size_t y = 0; status == EG_OK && y < (all ? SIDE : 1); y++) {
        status = eg_source_read(source, row, sizeof row, 1, error);
        if (status == EG_OK && y == 0)
            check_samples(bytes, row);
    }
    eg_source_close(source);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    eg_error error = {0};
    fuzz_bytes bytes = {data, size};
    const bool all = size == 113 && data[2] == 255;
    const char *path = make_file(&bytes);
    eg_status status = read_start(path, &bytes, all, &error);
    require(status == error.status, "the status returned is the one recorded", &error);
    require(status == EG_OK || status == EG_BAD_INPUT || status == EG_UNSUPPORTED,
            "only the input is to blame", &error);
    unlink(path);
    return 0;
}
