/* SPDX-License-Identifier: MIT */
/* A batch run: lists the files, opens the outputs, processes the queue, returns the exit code. */
#include "cli/batch/batch.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/batch/batch_run.h"
#include "cli/ranks/ranks.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/text.h"

/* ---- queue ----------------------------------------------------------------------------------- */

static int compare_sizes(const void *a, const void *b)
{
    const batch_item *x = *(batch_item *const *)a, *y = *(batch_item *const *)b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x < y ? -1 : 1;
}

/* Orders by the power of two of the size, then as listed. Neighbouring tiles are of about the same
 * size, and their names follow each other, so that the borders in memory are used again soon. */
static int compare_size_classes(const void *a, const void *b)
{
    const batch_item *x = *(batch_item *const *)a, *y = *(batch_item *const *)b;
    int x_class = ilogb((double)x->size + 1), y_class = ilogb((double)y->size + 1);
    if (x_class != y_class)
        return x_class > y_class ? -1 : 1;
    return x < y ? -1 : 1;
}

static bool has_neighbours(const batch *b)
{
    bool found = false;
    for (size_t i = 0; i < b->list.count && !found; i++)
        found = b->list.items[i].neighbour_count > 0;
    return found;
}

static int build_queue(batch *b)
{
    b->queue = malloc((b->list.count + 1) * sizeof(void *));
    b->retry = malloc((b->list.count + 1) * sizeof(void *));
    if (!b->queue || !b->retry)
        return batch_out_of_memory();
    for (size_t i = 0; i < b->list.count; i++) {
        batch_item *item = &b->list.items[i];
        if (!batch_in_shard(item, &b->work->batch->shard))
            continue;
        b->queue[b->queue_count++] = item;
        b->queue_bytes += item->size;
    }
    qsort(b->queue, b->queue_count, sizeof(void *),
          has_neighbours(b) ? compare_size_classes : compare_sizes);
    return EXIT_DONE;
}

/* ---- output folders, manifest, JSON lines, report page -----------------------------------------
 */

/* Reports a failure that set errno. Returns its exit code. */
static int fail_errno(const char *path, const char *what)
{
    const int reason = errno;
    message("%s: %s%s", path, what, strerror(reason));
    return errno_exit_code(reason);
}

static int create_output_folder(const char *path)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s/", path) >= (int)sizeof folder ||
        !batch_make_folders(folder)) {
        return fail_errno(path, "this folder cannot be created: ");
    }
    if (access(path, W_OK | X_OK) == 0)
        return EXIT_DONE;
    return fail_errno(path, "no file can be created in this folder: ");
}

static int open_json_lines(batch *b)
{
    const char *path = b->work->batch->json_lines;
    b->json_lines = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (!b->json_lines) {
        return fail_errno(path, "cannot be written: ");
    }
    setvbuf(b->json_lines, NULL, _IOLBF, 0);
    return EXIT_DONE;
}

static int open_page(batch *b)
{
    const cli_args *args = b->work->args;
    report_about about = {.path = b->work->batch->report.page,
                          .title = args->operands[0],
                          .words = (const char *const *)args->argv_copy,
                          .count = args->argv_count};
    if (eg_context_new(&b->page_ctx, &b->settings->config, &b->page_error) == EG_OK)
        report_open(&b->page, b->page_ctx, &about, &b->page_error);
    return report_error(b->settings, &b->page_error);
}

/* Opens the manifest, the JSON lines and the page. Ranks other than 0, and --dry-run, read the
 * manifest and create nothing. Runs over one file have no manifest. */
static int open_outputs(batch *b)
{
    const batch_settings *many = b->work->batch;
    const bool writes = !many->dry_run && rank_number() == 0;
    const batch_lock_key key = {b->work->args->operands, b->inputs, b->settings->quiet};
    char shard[32] = "";
    int code = EXIT_DONE;
    if (many->shard.of)
        snprintf(shard, sizeof shard, "%d-of-%d", many->shard.part, many->shard.of);
    if (code == EXIT_DONE && !(writes && b->work->single_file))
        code = batch_manifest_open(&b->manifest, b->work->outputs[0].path, shard,
                                   writes ? &key : NULL);
    if (code == EXIT_DONE && writes && !b->work->single_file)
        batch_remove_leftovers(b);
    if (code == EXIT_DONE && writes && many->json_lines)
        code = open_json_lines(b);
    if (code == EXIT_DONE && writes && b->page_wanted)
        code = open_page(b);
    return code;
}

/* Closes them. The page of a stopped run holds the files done so far. */
static void close_outputs(batch *b)
{
    batch_manifest_close(b->manifest);
    if (b->page) {
        double seconds = seconds_now() - b->progress.start;
        if (b->page_error.status == EG_OK)
            report_commit(b->page, seconds, b->stop || *signal_caught(), &b->page_error);
        batch_raise_exit_code(b, report_error(b->settings, &b->page_error));
    }
    report_close(b->page);
    eg_context_free(b->page_ctx);
    if (b->json_lines && b->json_lines != stdout && fclose(b->json_lines) != 0) {
        batch_raise_exit_code(b, fail_errno(b->work->batch->json_lines, ""));
    }
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Prints "INPUT -> OUTPUT" for all outputs that are not up to date. */
static void print_dry_run(batch *b)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < b->list.count; i++) {
        const batch_item *item = &b->list.items[i];
        cli_record record = {0};
        eg_error error = {0};
        if (!batch_in_shard(item, &b->work->batch->shard) || batch_is_up_to_date(b, item, &record))
            continue;
        if (batch_check_replace(b, item, &error) != EG_OK) {
            batch_raise_exit_code(b, report_error(b->settings, &error));
            continue;
        }
        for (size_t k = 0; k < b->work->count; k++) {
            batch_output_path(b->work, item, k, path, sizeof path);
            text_escaped(stdout, item->input);
            fputs(" -> ", stdout);
            text_escaped(stdout, path);
            fputc('\n', stdout);
        }
    }
}

/* Prints the line that sums up a run: on a terminal, or if files failed or were not started. */
static void print_summary(batch *b)
{
    batch_progress *p = &b->progress;
    batch_progress_finish(p);
    size_t not_started = b->queue_count - p->done - p->up_to_date - p->failed;
    bool needed = p->failed || not_started || p->kind == CLI_PROGRESS_LINE;
    if (b->settings->quiet || b->work->single_file || p->kind == CLI_PROGRESS_JSON || !needed)
        return;
    char current[64] = "", failed[64] = "", left[64] = "", skipped[160];
    if (p->up_to_date)
        snprintf(current, sizeof current, ", %zu up to date", p->up_to_date);
    if (p->failed)
        snprintf(failed, sizeof failed, ", %zu failed", p->failed);
    if (not_started)
        snprintf(left, sizeof left, ", %zu not started", not_started);
    double seconds = seconds_now() - p->start;
    batch_list_skipped(b->work, &b->list, skipped, sizeof skipped);
    message("%zu of %zu files done%s%s%s; %.3g s, %.3g megapixels a second%s%s", p->done,
            b->queue_count, current, failed, left, seconds,
            seconds > 0 ? p->pixels / 1e6 / seconds : 0, *skipped ? "; " : "", skipped);
}

/* Makes malloc() keep freed blocks for the next file instead of returning them to the system.
 * Blocks above 4 MB are still returned, so that --memory bounds the resident size. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 22);
    mallopt(M_TRIM_THRESHOLD, 1 << 25);
#endif
}

/* Processes the queue with the threads of this process or of all ranks, then each item of the
 * retry list alone with all threads and all memory. */
static void run_queue(batch *b)
{
    batch_progress_start(&b->progress, b->work, b->queue_count, b->queue_bytes);
    if (has_neighbours(b))
        b->borders = batch_borders_open(&b->list, b->settings);
    if (rank_count() > 1)
        batch_run_on_ranks(b);
    else
        batch_run_local(b);
    batch_borders_close(b->borders);
    b->borders = NULL;
    batch_group_finish(b);
    for (size_t i = 0; i < b->retry_count && !b->stop && !*signal_caught(); i++)
        batch_run_item(b, b->retry[i], b->threads, b->settings->config.max_memory);
    batch_group_finish(b);
}

static int run_opened(batch *b)
{
    b->options_hash = batch_options_hash(b->work->args, b->settings);
    if (b->work->batch->auto_shared)
        b->options_hash += batch_inputs_hash(&b->list);
    int code = ranks_largest(open_outputs(b));
    if (code != EXIT_DONE)
        return code;
    if (b->work->batch->dry_run) {
        if (rank_number() == 0)
            print_dry_run(b);
        return EXIT_DONE;
    }
    keep_freed_memory();
    if (b->work->batch->auto_shared)
        code = ranks_largest(batch_set_shared_thresholds(b));
    if (code != EXIT_DONE)
        return code;
    run_queue(b);
    if (rank_number() > 0)
        return EXIT_DONE;
    print_summary(b);
    if (b->settings->json && !b->work->single_file)
        batch_print_json_summary(b->work, &b->progress, &b->list);
    if (*signal_caught()) {
        message("stopped by signal %d (%s); run the same command again to continue",
                (int)*signal_caught(), strsignal((int)*signal_caught()));
        return EXIT_SIGNAL + (int)*signal_caught();
    }
    return b->exit_code;
}

/* Allows writing to the output folders, and where links in them lead. */
static void allow_outputs(const batch *b, sandbox *box)
{
    const raster_work *work = b->work;
    char path[PATH_MAX];
    struct stat about;
    for (size_t k = 0; k < work->count; k++) {
        sandbox_write_folder(box, work->outputs[k].path);
        for (size_t i = 0; i < b->list.count; i++)
            if (batch_output_path(work, &b->list.items[i], k, path, sizeof path) &&
                lstat(path, &about) == 0 && S_ISLNK(about.st_mode))
                sandbox_write(box, path);
    }
    sandbox_write(box, work->batch->report.page);
    sandbox_write(box, work->batch->json_lines);
}

/* Creates the output folders, and confines the process to them and to the inputs. A run over one
 * file has no folders and is confined already. Returns an exit code, after its message. */
static int prepare_folders(const batch *b)
{
    const raster_work *work = b->work;
    const bool writes = !work->batch->dry_run;
    int code = EXIT_DONE;
    sandbox box;
    if (work->single_file)
        return EXIT_DONE;
    for (size_t i = 0; i < work->count && writes && code == EXIT_DONE; i++)
        code = create_output_folder(work->outputs[i].path);
    if (code != EXIT_DONE)
        return code;
    sandbox_begin(&box, work->args, b->settings);
    for (size_t i = 0; i < b->list.count; i++)
        sandbox_read(&box, b->list.items[i].input);
    if (writes)
        allow_outputs(b, &box);
    for (size_t i = 0; i < work->count && !writes; i++)
        sandbox_read_folder(&box, work->outputs[i].path);
    return sandbox_enter(&box);
}

/* Lists the files on rank 0, checks their outputs, finds their neighbours and copies the list to
 * all ranks. */
static int find_files(batch *b, size_t inputs)
{
    int code = EXIT_DONE;
    if (rank_number() == 0) {
        code = batch_find(&b->list, b->work, inputs);
        if (code == EXIT_DONE && b->list.unreadable)
            b->exit_code = b->list.unreadable_code;
        if (code == EXIT_DONE)
            code = batch_check_outputs(b->work, &b->list);
        if (code == EXIT_DONE)
            code = prepare_folders(b);
        if (code == EXIT_DONE)
            code = batch_find_neighbours(&b->list, b->work, b->threads);
    }
    code = ranks_largest(code);
    if (code == EXIT_DONE)
        batch_broadcast_list(&b->list);
    return code;
}

int batch_run(raster_work *work, size_t inputs)
{
    const cli_settings *settings = work->settings;
    const char *lines = work->batch->json_lines;
    if (settings->json && lines && strcmp(lines, "-") == 0)
        return usage_error(work->args->command,
                           "--json and --json-lines - cannot both go to standard output");
    raster_progress file_progress;
    batch b = {
        .work = work, .settings = settings, .inputs = inputs, .file_progress = &file_progress};
    b.threads = settings->config.threads ? settings->config.threads : rank_processors();
    b.page_wanted = work->batch->report.page != NULL;
    pthread_mutex_init(&b.lock, NULL);
    batch_group_init(&b.group, &b);
    int code = find_files(&b, inputs);
    if (code == EXIT_DONE)
        code = ranks_largest(build_queue(&b));
    if (code == EXIT_DONE) {
        code = run_opened(&b);
        close_outputs(&b);
        code = code > b.exit_code ? code : b.exit_code;
    }
    batch_list_free(&b.list);
    free(b.queue);
    free(b.retry);
    batch_group_free(&b.group);
    pthread_mutex_destroy(&b.lock);
    return code;
}
