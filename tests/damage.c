/* SPDX-License-Identifier: MIT */
/* Tests of readers with damaged and hostile files. */
#include "damage.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void assert_clean_refusal(const char *path, eg_status status, const eg_error *error)
{
    if (status != EG_BAD_INPUT && status != EG_UNSUPPORTED && status != EG_LIMIT_EXCEEDED)
        fail_msg("%s: status %d: %s", path, (int)status, error->message);
    if (error->status != status)
        fail_msg("%s: returned %d but recorded %d", path, (int)status, (int)error->status);
    bool limit = status == EG_LIMIT_EXCEEDED; /* its message may lack the file's name */
    if (!strstr(error->message, base_name(path)) && !limit)
        fail_msg("%s: the message does not name the file: %s", path, error->message);
    if (strlen(error->message) < 10)
        fail_msg("%s: the message says nothing: '%s'", path, error->message);
}

/* Checks that the prefix is complete but for what a warning says. */
static void assert_nearly_whole(eg_context *ctx, const char *name, const file_bytes *bytes,
                                size_t size)
{
    char path[32], warning[512];
    int descriptor;
    eg_grid whole, part;
    eg_error error = {0};
    assert_int_equal(load_bytes(&whole, ctx, bytes->data, bytes->size, NULL, &error), EG_OK);
    bytes_path(path, &descriptor, bytes->data, size);
    if (read_warned(&part, ctx, path, NULL, warning, &error) != EG_OK)
        fail_msg("the first %zu bytes of %s: %s", size, name, error.message);
    close(descriptor);
    assert_true(*warning);
    assert_grids_equal(&part, &whole);
    eg_grid_free(&part);
    eg_grid_free(&whole);
}

void assert_prefixes_refused_of(const char *name, const file_bytes *bytes, size_t spare)
{
    eg_context *ctx = small_context();
    for (size_t size = 0; size + spare < bytes->size; size++) {
        eg_grid grid;
        eg_error error = {0};
        eg_status status = load_bytes(&grid, ctx, bytes->data, size, NULL, &error);
        if (status != EG_BAD_INPUT)
            fail_msg("the first %zu bytes of %s: status %d %s", size, name, (int)status,
                     error.message);
        assert_int_equal(error.status, status);
        assert_null(grid.data);
    }
    for (size_t size = bytes->size - spare; size < bytes->size; size++)
        assert_nearly_whole(ctx, name, bytes, size);
    close_context(ctx);
}

void assert_prefixes_refused(const char *path, size_t spare)
{
    file_bytes bytes = read_bytes(path);
    assert_prefixes_refused_of(path, &bytes, spare);
    free(bytes.data);
}

static void try_flip(eg_context *ctx, const char *path, const file_bytes *bytes, size_t at,
                     bool refused)
{
    char name[32];
    int descriptor;
    eg_grid grid;
    eg_error error = {0};
    bytes_path(name, &descriptor, bytes->data, bytes->size);
    eg_status status = eg_load(&grid, ctx, name, NULL, &error);
    close(descriptor);
    if (status != EG_OK)
        assert_clean_refusal(name, status, &error);
    else if (refused)
        fail_msg("%s was read although byte %zu was changed", path, at);
    eg_grid_free(&grid);
}

void assert_flips_survived(const char *path, bool (*guarded)(const file_bytes *bytes, size_t at))
{
    static const uint8_t changes[] = {0x01, 0x20, 0x80, 0xFF};
    eg_context *ctx = small_context();
    file_bytes bytes = read_bytes(path);
    for (size_t at = 0; at < bytes.size; at++) {
        bool refused = guarded && guarded(&bytes, at);
        for (size_t i = 0; i < sizeof changes; i++) {
            bytes.data[at] ^= changes[i];
            try_flip(ctx, path, &bytes, at, refused);
            bytes.data[at] ^= changes[i];
        }
    }
    free(bytes.data);
    close_context(ctx);
}

/* Checks that reading the file as a grid and computing its edges both succeed or both fail. */
static void try_file(eg_context *ctx, const char *path, const eg_read_options *options)
{
    eg_grid grid, edge_grid;
    eg_error of_load = {0}, of_edges = {0};
    eg_status load = eg_load(&grid, ctx, path, options, &of_load);
    eg_status edges = edges_to_grid(&edge_grid, ctx, path, options, &of_edges);
    eg_grid_free(&grid);
    eg_grid_free(&edge_grid);
    if (load != EG_OK)
        assert_clean_refusal(path, load, &of_load);
    if (edges != EG_OK)
        assert_clean_refusal(path, edges, &of_edges);
    if ((load == EG_OK) != (edges == EG_OK) && load != EG_LIMIT_EXCEEDED &&
        edges != EG_LIMIT_EXCEEDED)
        fail_msg("%s: as a grid '%s', as edges '%s'", path, of_load.message, of_edges.message);
}

void assert_folder_survived(const char *folder)
{
    eg_context *ctx = small_context();
    eg_read_options options;
    eg_read_default(&options);
    file_list files = list_files(folder, "");
    for (size_t i = 0; i < 2 * files.count; i++) {
        options.tolerate = i >= files.count;
        try_file(ctx, files.paths[i % files.count], &options);
    }
    free_files(&files);
    close_context(ctx);
}
