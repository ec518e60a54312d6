/* SPDX-License-Identifier: MIT */
/* Files in tests. */
#include "files.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/context.h"

enum { PATH_BYTES = 1024, PATHS = 8 };

/* ---- bytes ----------------------------------------------------------------------------------- */

file_bytes read_bytes(const char *path)
{
    struct stat st;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &st) != 0)
        fail_msg("%s cannot be read", path);
    file_bytes bytes = {malloc((size_t)st.st_size + 1), (size_t)st.st_size};
    assert_non_null(bytes.data);
    assert_int_equal(fread(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

void write_bytes(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        fail_msg("%s cannot be written", path);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* ---- lists ----------------------------------------------------------------------------------- */

const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t a = strlen(name), b = strlen(suffix);
    return a >= b && strcmp(name + a - b, suffix) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_file(file_list *list, const char *folder, const char *name)
{
    struct stat st;
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return;
    list->paths = realloc(list->paths, (list->count + 1) * sizeof *list->paths);
    assert_non_null(list->paths);
    list->paths[list->count++] = strdup(path);
}

file_list list_files(const char *folder, const char *suffix)
{
    file_list list = {NULL, 0};
    DIR *dir = opendir(folder);
    if (!dir)
        fail_msg("the folder %s cannot be read", folder);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        if (ends_in(entry->d_name, suffix))
            add_file(&list, folder, entry->d_name);
    closedir(dir);
    if (list.count == 0)
        fail_msg("no *%s in %s", suffix, folder);
    qsort(list.paths, list.count, sizeof *list.paths, by_name);
    return list;
}

void free_files(file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (file_list){NULL, 0};
}

char *need_corpus(const char *name)
{
    const char *path = corpus_path(name);
    if (!path) {
        print_message("skipped: no %s in the corpus (EDGEGRAD_CORPUS)\n", name);
        skip();
    }
    return strdup(path);
}

/* ---- the scratch folder ---------------------------------------------------------------------- */

static char scratch_folder[PATH_BYTES / 2];

int make_scratch(void **state)
{
    const char *root = getenv("TMPDIR");
    (void)state;
    snprintf(scratch_folder, sizeof scratch_folder, "%s/edgegrad-test-XXXXXX",
             root && *root ? root : "/tmp");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

static void empty_folder(const char *folder)
{
    char path[PATH_BYTES];
    DIR *dir = opendir(folder);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_DIR) {
            chmod(path, 0700);
            empty_folder(path);
        }
        remove(path);
    }
    if (dir)
        closedir(dir);
}

int remove_scratch(void **state)
{
    (void)state;
    empty_folder(scratch_folder);
    return rmdir(scratch_folder);
}

const char *scratch(const char *name)
{
    static char paths[PATHS][PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % PATHS];
    snprintf(path, PATH_BYTES, "%s%s%s", scratch_folder, *name ? "/" : "", name);
    return path;
}

size_t scratch_entries(void)
{
    size_t count = 0;
    DIR *dir = opendir(scratch_folder);
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2; /* "." and ".." */
}

/* ---- images ---------------------------------------------------------------------------------- */

eg_read_options value_options(void)
{
    eg_read_options options;
    eg_read_default(&options);
    options.as_values = true;
    return options;
}

eg_source *open_as_values(eg_context *ctx, const char *path)
{
    const eg_read_options options = value_options();
    eg_source *source = NULL;
    eg_error error = {0};
    if (eg_source_open(&source, ctx, path, &options, &error) != EG_OK)
        fail_msg("%s", error.message);
    return source;
}

eg_context *small_context(void)
{
    eg_config config;
    eg_context *ctx = NULL;
    eg_config_default(&config);
    config.threads = 1;
    config.max_pixels = 16 << 20;
    config.max_memory = 256 << 20;
    config.max_chunk = 8 << 20;
    config.max_scans = 50;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    return ctx;
}

void close_context(eg_context *ctx)
{
    assert_int_equal(atomic_load(&ctx->used), 0);
    eg_context_free(ctx);
}

const char *bytes_path(char path[32], int *descriptor, const void *data, size_t size)
{
    *descriptor = memfd_create("test", MFD_CLOEXEC);
    assert_true(*descriptor >= 0);
    assert_int_equal(write(*descriptor, data, size), (ssize_t)size);
    snprintf(path, 32, "/proc/self/fd/%d", *descriptor);
    return path;
}

const char *pipe_path(char path[32], int *descriptor, const void *data, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], data, size), (ssize_t)size);
    close(ends[1]);
    *descriptor = ends[0];
    snprintf(path, 32, "/proc/self/fd/%d", ends[0]);
    return path;
}

eg_status read_warned(eg_grid *grid, eg_context *ctx, const char *path,
                      const eg_read_options *options, char *warning, eg_error *error)
{
    eg_source *source = NULL;
    *grid = (eg_grid){0};
    *warning = '\0';
    eg_status status = eg_source_open(&source, ctx, path, options, error);
    const eg_info *info = source ? eg_source_info(source) : NULL;
    if (status == EG_OK)
        status = eg_grid_new(grid, ctx, info->width, info->height, info->sample, error);
    if (status == EG_OK)
        status = eg_source_read(source, grid->data, grid->stride, info->height, error);
    if (status == EG_OK)
        status = eg_source_finish(source, error);
    if (source && eg_source_warning(source, 0))
        snprintf(warning, 512, "%s", eg_source_warning(source, 0));
    eg_source_close(source);
    return status;
}

eg_status load_bytes(eg_grid *grid, eg_context *ctx, const void *data, size_t size,
                     const eg_read_options *options, eg_error *error)
{
    char path[32];
    int descriptor;
    bytes_path(path, &descriptor, data, size);
    eg_status status = eg_load(grid, ctx, path, options, error);
    close(descriptor);
    return status;
}

void load_grid(eg_grid *grid, eg_context *ctx, const char *path, const eg_read_options *options)
{
    eg_error error = {0};
    if (eg_load(grid, ctx, path, options, &error) != EG_OK)
        fail_msg("%s", error.message);
}

void assert_same_picture(eg_context *ctx, const char *a, const char *b)
{
    eg_grid ga, gb;
    load_grid(&ga, ctx, a, NULL);
    load_grid(&gb, ctx, b, NULL);
    if (ga.width != gb.width || ga.height != gb.height || largest_difference(&ga, &gb) != 0)
        fail_msg("%s and %s are not the same picture", a, b);
    assert_grids_equal(&ga, &gb);
    assert_true(ga.white_level == gb.white_level);
    eg_grid_free(&ga);
    eg_grid_free(&gb);
}

/* Computes the edges of a file into `sink`, and closes it. */
static eg_status edges_to(eg_sink *sink, eg_context *ctx, const char *path,
                          const eg_read_options *options, eg_error *error)
{
    eg_source *source = NULL;
    eg_edges_options edges;
    eg_edges_default(&edges);
    eg_status status = eg_source_open(&source, ctx, path, options, error);
    if (status == EG_OK)
        status = eg_edges(source, sink, &edges, NULL, error);
    else
        assert_null(source);
    eg_sink_close(sink);
    eg_source_close(source);
    return status;
}

eg_status edges_to_grid(eg_grid *grid, eg_context *ctx, const char *path,
                        const eg_read_options *options, eg_error *error)
{
    eg_sink *sink = NULL;
    *grid = (eg_grid){0};
    assert_int_equal(eg_sink_grid(&sink, ctx, grid, error), EG_OK);
    return edges_to(sink, ctx, path, options, error);
}

eg_status edges_to_file(eg_context *ctx, const char *in, const char *out, eg_error *error)
{
    eg_sink *sink = NULL;
    eg_status status = eg_sink_open(&sink, ctx, out, NULL, error);
    return status == EG_OK ? edges_to(sink, ctx, in, NULL, error) : status;
}

double largest_difference(const eg_grid *a, const eg_grid *b)
{
    double largest = 0;
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (size_t y = 0; y < a->height; y++)
        for (size_t x = 0; x < a->width; x++)
            largest = fmax(largest, fabs(sample_at(a, x, y) - sample_at(b, x, y)));
    return largest;
}

double mean_difference(const eg_grid *a, const eg_grid *b)
{
    double sum = 0;
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (size_t y = 0; y < a->height; y++)
        for (size_t x = 0; x < a->width; x++)
            sum += fabs(sample_at(a, x, y) - sample_at(b, x, y));
    return sum / (double)a->width / (double)a->height;
}
