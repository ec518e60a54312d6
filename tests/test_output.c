/* SPDX-License-Identifier: MIT */
/* Tests of output files: the target is the complete new file or the unchanged old one, and no other
 * file remains in the folder. */
#include "files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/stream.h"
#include "io/io.h"

#define SMALL "testdata/small/"

static const char old_content[] = "what was there before";

static void put_old(const char *path)
{
    write_bytes(path, old_content, sizeof old_content);
}

static bool is_old(const char *path)
{
    file_bytes bytes = read_bytes(path);
    bool same =
        bytes.size == sizeof old_content && memcmp(bytes.data, old_content, bytes.size) == 0;
    free(bytes.data);
    return same;
}

static int clean_scratch(void **state)
{
    (void)state;
    return remove_scratch(state) == 0 ? make_scratch(state) : -1;
}

static eg_status save_small(const char *path, const char *format, eg_error *error)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_write_options options;
    eg_grid grid;
    eg_write_default(&options);
    options.format = format;
    noise_grid(&grid, ctx, 30, 20, EG_U8, 3, 0);
    eg_status status = eg_save(&grid, ctx, path, &options, error);
    eg_grid_free(&grid);
    close_context(ctx);
    return status;
}

/* Returns true if the file is the image written by save_small(). */
static void assert_saved(const char *path)
{
    eg_context *ctx = test_context(1, 0, NULL);
    eg_grid wanted, got;
    noise_grid(&wanted, ctx, 30, 20, EG_U8, 3, 0);
    load_grid(&got, ctx, path, NULL);
    assert_grids_equal(&wanted, &got);
    eg_grid_free(&wanted);
    eg_grid_free(&got);
    close_context(ctx);
}

/* ---- failures in the middle ------------------------------------------------------------------ */

typedef struct failing_source {
    eg_source base;
    size_t rows;                   /* rows before the failure */
    volatile sig_atomic_t *cancel; /* flag set instead of failing; may be NULL */
} failing_source;

static eg_status fail_read(eg_source *source, void *rows, size_t stride, size_t count,
                           eg_error *error)
{
    failing_source *opaque = (failing_source *)source;
    for (size_t i = 0; i < count; i++)
        for (size_t x = 0; x < source->info.width; x++)
            ((uint8_t *)rows)[i * stride + x] = (uint8_t)(x * (source->next_row + i));
    if (source->next_row + count <= opaque->rows)
        return EG_OK;
    if (!opaque->cancel)
        return eg_fail(error, EG_BAD_INPUT, "the source ends here");
    __atomic_store_n(opaque->cancel, 1, __ATOMIC_RELAXED); /* read by other threads */
    return EG_OK;
}

static void fail_close(eg_source *source)
{
    (void)source;
}

/* Writes a large image whose source fails, or cancels, after `rows` rows. */
static eg_status send_failing(const char *path, const char *format, size_t rows, bool cancel,
                              eg_error *error)
{
    static const eg_source_ops ops = {.read = fail_read, .close = fail_close};
    volatile sig_atomic_t cancelled = 0;
    eg_config config;
    eg_context *ctx = NULL;
    eg_sink *sink = NULL;
    eg_write_options write;
    eg_gradient_options options;
    eg_config_default(&config);
    config.threads = 2;
    config.strip_rows = 16;
    config.cancel = &cancelled;
    assert_int_equal(eg_context_new(&ctx, &config, NULL), EG_OK);
    failing_source source = {.base = {.ops = &ops, .ctx = ctx}, .rows = rows};
    source.cancel = cancel ? &cancelled : NULL;
    source.base.info = (eg_info){.width = 900, .height = 700, .sample = EG_U8, .white_level = 255};
    eg_write_default(&write);
    eg_gradient_default(&options);
    write.format = format;
    eg_status status = eg_sink_open(&sink, ctx, path, &write, error);
    if (status == EG_OK)
        status = eg_gradient(&source.base, sink, &options, error);
    eg_sink_close(sink);
    close_context(ctx);
    return status;
}

static void check_failure(const eg_format *format, size_t rows, bool cancel, bool existing)
{
    const char *path = scratch("target");
    eg_error error = {0};
    unlink(path);
    if (existing)
        put_old(path);
    size_t before = scratch_entries();
    eg_status status = send_failing(path, format->name, rows, cancel, &error);
    if (status != (cancel ? EG_CANCELLED : EG_BAD_INPUT))
        fail_msg("%s after %zu rows: status %d %s", format->name, rows, (int)status, error.message);
    assert_int_equal(scratch_entries(), before);
    assert_int_equal(access(path, F_OK), existing ? 0 : -1);
    if (existing)
        assert_true(is_old(path));
}

static void failure_in_the_middle_changes_nothing(void **state)
{
    static const size_t rows[] = {0, 100, 650};
    (void)state;
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        if (!format->create || !(format->accepts & (1u << EG_U8 | 1u << EG_F32)))
            continue;
        for (size_t i = 0; i < 12; i++)
            check_failure(format, rows[i % 3], i / 3 % 2, i / 6);
    }
}

static void closing_unused_changes_nothing(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    put_old(scratch("old.png"));
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        eg_sink *sink = NULL;
        eg_write_options write;
        eg_write_default(&write);
        write.format = format->name;
        if (!format->create)
            continue;
        assert_int_equal(eg_sink_open(&sink, ctx, scratch("old.png"), &write, NULL), EG_OK);
        eg_sink_close(sink);
        assert_int_equal(eg_sink_open(&sink, ctx, scratch("new.png"), &write, NULL), EG_OK);
        eg_sink_close(sink);
    }
    assert_true(is_old(scratch("old.png")));
    assert_int_equal(scratch_entries(), 1);
    close_context(ctx);
}

/* A folder is created under the target's name before the commit. */
static void failure_at_the_very_end_leaves_no_litter(void **state)
{
    (void)state;
    eg_context *ctx = test_context(1, 0, NULL);
    eg_output *output = NULL;
    eg_error error = {0};
    assert_int_equal(eg_output_open(&output, ctx, scratch("name"), &error), EG_OK);
    assert_int_equal(eg_output_write(output, "bytes", 5, &error), EG_OK);
    assert_int_equal(mkdir(scratch("name"), 0700), 0);
    assert_int_equal(eg_output_commit(output, &error), EG_FILE);
    assert_non_null(strstr(error.message, "name: "));
    eg_output_close(output);
    assert_int_equal(scratch_entries(), 1);
    close_context(ctx);
}

/* ---- existing targets ----------------------------------------------------------------------- */

static void existing_file_is_replaced_with_its_mode(void **state)
{
    static const mode_t modes[] = {0600, 0640, 0666, 0755};
    (void)state;
    mode_t mask = umask(022);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct stat st;
        put_old(scratch("a.png"));
        assert_int_equal(chmod(scratch("a.png"), modes[i]), 0);
        assert_int_equal(save_small(scratch("a.png"), NULL, NULL), EG_OK);
        assert_int_equal(stat(scratch("a.png"), &st), 0);
        assert_int_equal(st.st_mode & 07777, modes[i]);
        assert_saved(scratch("a.png"));
    }
    struct stat st;
    assert_int_equal(save_small(scratch("b.png"), NULL, NULL), EG_OK);
    assert_int_equal(stat(scratch("b.png"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644); /* 0666 without the umask */
    assert_int_equal(scratch_entries(), 2);
    umask(mask);
}

static bool is_link(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static void link_stays_a_link(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch("folder"), 0700), 0);
    put_old(scratch("folder/file.png"));
    assert_int_equal(symlink("folder/file.png", scratch("relative.png")), 0);
    assert_int_equal(symlink(scratch("relative.png"), scratch("absolute.png")), 0);
    assert_int_equal(symlink("folder/absent.png", scratch("dangling.png")), 0);
    assert_int_equal(save_small(scratch("absolute.png"), NULL, NULL), EG_OK);
    assert_saved(scratch("folder/file.png"));
    assert_int_equal(save_small(scratch("dangling.png"), NULL, NULL), EG_OK);
    assert_saved(scratch("folder/absent.png"));
    assert_true(is_link(scratch("relative.png")));
    assert_true(is_link(scratch("absolute.png")));
    assert_true(is_link(scratch("dangling.png")));
    assert_false(is_link(scratch("folder/file.png")));
    assert_int_equal(scratch_entries(), 4);
}

static void refused_targets_are_named(void **state)
{
    static const struct {
        const char *path, *word;
    } cases[] = {
        {"missing/a.png", "does not exist"}, {"folder", "folder"},     {"folder/", "folder"},
        {"file/a.png", "not a folder"},      {"loop.png", "loop.png"}, {"", "folder"},
    };
    (void)state;
    assert_int_equal(mkdir(scratch("folder"), 0700), 0);
    put_old(scratch("file"));
    assert_int_equal(symlink("loop.png", scratch("loop.png")), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        eg_error error = {0};
        const char *path = scratch(cases[i].path);
        eg_status status = save_small(path, "png", &error);
        if (status != EG_FILE || !strstr(error.message, cases[i].word) ||
            !strstr(error.message, path))
            fail_msg("%s: status %d '%s'", path, (int)status, error.message);
    }
    eg_error empty = {0};
    assert_int_equal(save_small("", "png", &empty), EG_FILE);
    assert_int_equal(scratch_entries(), 3);
    assert_true(is_old(scratch("file")));
}

/* Runs as another user if the tests run as root, who ignores permissions. */
static void protected_file_is_left_alone(void **state)
{
    (void)state;
    eg_error error = {0};
    bool root = geteuid() == 0;
    put_old(scratch("protected.png"));
    assert_int_equal(chmod(scratch("protected.png"), 0444), 0);
    assert_int_equal(chmod(scratch(""), 0777), 0);
    if (root && seteuid(65534) != 0)
        skip();
    eg_status status = save_small(scratch("protected.png"), NULL, &error);
    bool old = is_old(scratch("protected.png"));
    bool other = save_small(scratch("other.png"), NULL, NULL) == EG_OK;
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(status, EG_FILE);
    assert_non_null(strstr(error.message, "write-protected"));
    assert_true(old);
    assert_true(other);
    assert_int_equal(scratch_entries(), 2);
}

static void full_device_is_reported(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        print_message("skipped: no /dev/full\n");
        skip();
    }
    for (size_t f = 0; eg_formats[f]; f++) {
        const eg_format *format = eg_formats[f];
        eg_error error = {0};
        if (!format->create || !(format->accepts >> EG_U8 & 1))
            continue;
        assert_int_equal(save_small("/dev/full", format->name, &error), EG_FILE);
        assert_non_null(strstr(error.message, "/dev/full: "));
        assert_non_null(strstr(error.message, "No space left"));
    }
    assert_int_equal(save_small("/dev/null", "png", NULL), EG_OK);
}

/* The file fits into the pipe's buffer, so that no reader is needed while it is written. */
static void pipe_gets_the_same_bytes(void **state)
{
    uint8_t bytes[65536];
    struct stat st;
    (void)state;
    assert_int_equal(mkfifo(scratch("pipe"), 0600), 0);
    int reader = open(scratch("pipe"), O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(save_small(scratch("pipe"), "png", NULL), EG_OK);
    ssize_t got = read(reader, bytes, sizeof bytes);
    close(reader);
    assert_int_equal(lstat(scratch("pipe"), &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_int_equal(save_small(scratch("file.png"), NULL, NULL), EG_OK);
    file_bytes file = read_bytes(scratch("file.png"));
    assert_int_equal(got, file.size);
    assert_memory_equal(bytes, file.data, file.size);
    free(file.data);
    assert_int_equal(scratch_entries(), 2);
}

static void standard_output_gets_the_same_bytes(void **state)
{
    (void)state;
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    int file = open(scratch("stdout.png"), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    eg_status status = save_small("-", NULL, NULL);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    assert_int_equal(status, EG_OK);
    assert_saved(scratch("stdout.png"));
}

/* ---- the input as output --------------------------------------------------------------------- */

static void input_may_be_the_output(void **state)
{
    (void)state;
    eg_context *ctx = test_context(2, 7, NULL);
    file_bytes input = read_bytes("testdata/scene.png");
    const char *path = scratch("both.png");
    write_bytes(path, input.data, input.size);
    assert_int_equal(edges_to_file(ctx, path, scratch("apart.png"), NULL), EG_OK);
    assert_int_equal(edges_to_file(ctx, path, path, NULL), EG_OK);
    assert_same_picture(ctx, path, scratch("apart.png"));

    write_bytes(path, input.data, input.size / 2);
    assert_int_equal(edges_to_file(ctx, path, path, NULL), EG_BAD_INPUT);
    file_bytes after = read_bytes(path);
    assert_int_equal(after.size, input.size / 2);
    assert_memory_equal(after.data, input.data, after.size);
    assert_int_equal(scratch_entries(), 2);
    free(after.data);
    free(input.data);
    close_context(ctx);
}

/* ---- sets of outputs ------------------------------------------------------------------------- */

/* Adds a file with the text "new" to a set. */
static void add_new(eg_outputs *set, eg_context *ctx, const char *path)
{
    eg_file *file;
    assert_int_equal(eg_file_create(&file, ctx, path, NULL), EG_OK);
    assert_int_equal(eg_file_join(file, set, NULL), EG_OK);
    assert_int_equal(eg_file_write(file, "new", 3, NULL), EG_OK);
    assert_int_equal(eg_file_commit(file, NULL), EG_OK);
    eg_file_close(file);
}

static bool is_new(const char *path)
{
    file_bytes bytes = read_bytes(path);
    bool same = bytes.size == 3 && memcmp(bytes.data, "new", 3) == 0;
    free(bytes.data);
    return same;
}

/* Opens a set of three outputs, the first of which replaces a file. */
static eg_outputs *three_outputs(eg_context *ctx, char paths[3][PATH_MAX])
{
    eg_outputs *set;
    assert_int_equal(eg_outputs_new(&set, ctx, NULL), EG_OK);
    for (int i = 0; i < 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "set%d", i);
        snprintf(paths[i], PATH_MAX, "%s", scratch(name));
        if (i == 0)
            put_old(paths[i]);
        add_new(set, ctx, paths[i]);
    }
    return set;
}

static void outputs_of_a_set_appear_together(void **state)
{
    char paths[3][PATH_MAX];
    eg_context *ctx = test_context(1, 0, NULL);
    (void)state;
    ctx->config.sync = true;
    eg_outputs *set = three_outputs(ctx, paths);
    assert_true(is_old(paths[0]));
    assert_int_equal(scratch_entries(), 1);
    assert_int_equal(eg_outputs_bytes(set), 9);
    assert_int_equal(eg_outputs_commit(set, NULL), EG_OK);
    eg_outputs_close(set);
    for (int i = 0; i < 3; i++)
        assert_true(is_new(paths[i]));
    assert_int_equal(scratch_entries(), 3);
    close_context(ctx);
}

/* The last of the outputs cannot be renamed, because a folder has taken its name. */
static void a_failure_puts_old_files_back(void **state)
{
    char paths[3][PATH_MAX];
    eg_context *ctx = test_context(1, 0, NULL);
    eg_error error = {0};
    (void)state;
    eg_outputs *set = three_outputs(ctx, paths);
    assert_int_equal(mkdir(paths[2], 0777), 0);
    assert_int_equal(eg_outputs_commit(set, &error), EG_FILE);
    assert_non_null(strstr(error.message, "set2"));
    eg_outputs_close(set);
    assert_true(is_old(paths[0]));
    assert_int_equal(scratch_entries(), 2); /* the old file and the folder */
    close_context(ctx);
}

static void a_trial_is_undone_unless_committed(void **state)
{
    (void)state;
    for (int commit = 0; commit < 2; commit++) {
        char paths[3][PATH_MAX];
        eg_context *ctx = test_context(1, 0, NULL);
        assert_int_equal(clean_scratch(state), 0);
        eg_outputs *set = three_outputs(ctx, paths);
        assert_int_equal(eg_outputs_publish(set, NULL), EG_OK);
        for (int i = 0; i < 3; i++)
            assert_true(is_new(paths[i]));
        if (commit)
            assert_int_equal(eg_outputs_commit(set, NULL), EG_OK);
        eg_outputs_close(set);
        assert_int_equal(scratch_entries(), commit ? 3 : 1);
        assert_true(commit ? is_new(paths[0]) : is_old(paths[0]));
        close_context(ctx);
    }
}

static void an_incomplete_output_holds_back_its_set(void **state)
{
    char paths[3][PATH_MAX];
    eg_context *ctx = test_context(1, 0, NULL);
    eg_file *file;
    (void)state;
    eg_outputs *set = three_outputs(ctx, paths);
    assert_int_equal(eg_file_create(&file, ctx, scratch("more"), NULL), EG_OK);
    assert_int_equal(eg_file_join(file, set, NULL), EG_OK);
    eg_file_close(file);
    assert_int_equal(eg_outputs_commit(set, NULL), EG_USAGE);
    eg_outputs_close(set);
    assert_true(is_old(paths[0]));
    assert_int_equal(scratch_entries(), 1);
    close_context(ctx);
}

/* More files than are moved to the disc one by one. */
static void sets_of_a_group_fail_by_themselves(void **state)
{
    enum { COUNT = 6, BAD = 3 };
    eg_context *ctx = test_context(1, 0, NULL);
    eg_outputs *sets[COUNT];
    eg_error errors[COUNT] = {{0}};
    char paths[COUNT][PATH_MAX];
    (void)state;
    ctx->config.sync = true;
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "g%d", i);
        snprintf(paths[i], PATH_MAX, "%s", scratch(name));
        assert_int_equal(eg_outputs_new(&sets[i], ctx, NULL), EG_OK);
        add_new(sets[i], ctx, paths[i]);
    }
    assert_int_equal(mkdir(paths[BAD], 0777), 0);
    eg_outputs_commit_group(sets, COUNT, errors);
    for (int i = 0; i < COUNT; i++) {
        eg_outputs_close(sets[i]);
        assert_int_equal(errors[i].status, i == BAD ? EG_FILE : EG_OK);
        assert_true(i == BAD || is_new(paths[i]));
    }
    assert_int_equal(scratch_entries(), COUNT);
    close_context(ctx);
}

#define TEST(name) cmocka_unit_test_setup(name, clean_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(failure_in_the_middle_changes_nothing),
        TEST(closing_unused_changes_nothing),
        TEST(failure_at_the_very_end_leaves_no_litter),
        TEST(existing_file_is_replaced_with_its_mode),
        TEST(link_stays_a_link),
        TEST(refused_targets_are_named),
        TEST(protected_file_is_left_alone),
        TEST(full_device_is_reported),
        TEST(pipe_gets_the_same_bytes),
        TEST(standard_output_gets_the_same_bytes),
        TEST(input_may_be_the_output),
        TEST(outputs_of_a_set_appear_together),
        TEST(a_failure_puts_old_files_back),
        TEST(a_trial_is_undone_unless_committed),
        TEST(an_incomplete_output_holds_back_its_set),
        TEST(sets_of_a_group_fail_by_themselves),
    };
    return cmocka_run_group_tests_name("output", tests, make_scratch, remove_scratch);
}
