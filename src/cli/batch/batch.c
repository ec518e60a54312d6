/* SPDX-License-Identifier: MIT */
/* A run over many files, from the operands to the exit code. */
#include "cli/batch/batch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/batch/batch_run.h"
#include "cli/ranks/ranks.h"
#include "cli/support/text.h"

/* ---- which files, in which order ---------------------------------------------------------------
 */

/* The part of a whole a file belongs to, by its name alone. */
static bool in_shard(const batch_item *item, const cli_shard *shard)
{
    const char *name = item->input + item->within;
    uint64_t hash = text_hash(TEXT_HASH, name, strlen(name));
    hash ^= hash >> 32;
    return shard->of == 0 || hash % (uint64_t)shard->of == (uint64_t)shard->part - 1;
}

static int larger_first(const void *a, const void *b)
{
    const batch_item *x = *(batch_item *const *)a, *y = *(batch_item *const *)b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x < y ? -1 : 1;
}

static int make_order(batch *b)
{
    b->order = malloc((b->list.count + 1) * sizeof(void *));
    b->again = malloc((b->list.count + 1) * sizeof(void *));
    if (!b->order || !b->again) {
        message("there is no memory for the list of files");
        return EXIT_LIMIT;
    }
    for (size_t i = 0; i < b->list.count; i++) {
        batch_item *item = &b->list.items[i];
        if (!in_shard(item, &b->work->batch->shard))
            continue;
        b->order[b->todo++] = item;
        b->bytes += item->size;
    }
    qsort(b->order, b->todo, sizeof(void *), larger_first);
    return EXIT_DONE;
}

/* ---- the places things go to -------------------------------------------------------------------
 */

static int make_target(const char *path)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s/", path) >= (int)sizeof folder ||
        !batch_make_folders(folder)) {
        message("%s: the folder cannot be made: %s", path, strerror(errno));
        return EXIT_FILE;
    }
    if (access(path, W_OK | X_OK) == 0)
        return EXIT_DONE;
    message("%s: no file can be made in this folder: %s", path, strerror(errno));
    return EXIT_FILE;
}

static int open_lines(batch *b)
{
    const char *path = b->work->batch->json_lines;
    if (!path)
        return EXIT_DONE;
    b->lines = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (!b->lines) {
        message("%s: cannot be written: %s", path, strerror(errno));
        return EXIT_FILE;
    }
    setvbuf(b->lines, NULL, _IOLBF, 0);
    return EXIT_DONE;
}

static int open_page(batch *b)
{
    const cli_line *line = b->work->line;
    report_about about = {.path = b->work->batch->report.page,
                          .title = line->operands[0],
                          .words = (const char *const *)line->words,
                          .count = line->word_count};
    if (!b->page_wanted)
        return EXIT_DONE;
    if (eg_context_new(&b->page_ctx, &b->settings->config, &b->page_error) == EG_OK)
        report_open(&b->page, b->page_ctx, &about, &b->page_error);
    return report_error(b->settings, &b->page_error);
}

static int open_tellers(batch *b)
{
    int code = open_lines(b);
    return code == EXIT_DONE ? open_page(b) : code;
}

static int open_manifest(batch *b, const char *part)
{
    b->manifest = batch_manifest_open(b->work->outputs[0].path, part);
    if (b->manifest)
        return EXIT_DONE;
    message("there is no memory for the list of files");
    return EXIT_LIMIT;
}

static int open_places(batch *b)
{
    const cli_shard *shard = &b->work->batch->shard;
    char part[32] = "";
    int code = EXIT_DONE;
    if (shard->of)
        snprintf(part, sizeof part, "%d-of-%d", shard->part, shard->of);
    if (b->work->batch->dry_run || rank_number() > 0)
        return open_manifest(b, part);
    if (b->work->files)
        return open_tellers(b);
    for (size_t i = 0; i < b->work->count && code == EXIT_DONE; i++)
        code = make_target(b->work->outputs[i].path);
    if (code != EXIT_DONE)
        return code;
    code = open_manifest(b, part);
    return code == EXIT_DONE ? open_tellers(b) : code;
}

/* Of a run that was stopped there is a page too: of what was done. */
static void close_page(batch *b)
{
    double seconds = batch_now() - b->progress.start;
    bool stopped = b->stop || *signal_caught();
    int code = EXIT_DONE;
    if (b->page && b->page_error.status == EG_OK)
        report_commit(b->page, seconds, stopped, &b->page_error);
    if (b->page)
        code = report_error(b->settings, &b->page_error);
    batch_worse(b, code);
    report_close(b->page);
    eg_context_free(b->page_ctx);
}

static void close_places(batch *b)
{
    batch_manifest_close(b->manifest);
    close_page(b);
    if (b->lines && b->lines != stdout && fclose(b->lines) != 0) {
        message("%s: %s", b->work->batch->json_lines, strerror(errno));
        batch_worse(b, EXIT_FILE);
    }
}

/* ---- the run -----------------------------------------------------------------------------------
 */

static void print_plan(const batch *b)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < b->list.count; i++) {
        const batch_item *item = &b->list.items[i];
        cli_record record = {0};
        if (!in_shard(item, &b->work->batch->shard) || batch_is_current(b, item, &record))
            continue;
        for (size_t k = 0; k < b->work->count; k++) {
            batch_output(b->work, item, k, path, sizeof path);
            text_escaped(stdout, item->input);
            fputs(" -> ", stdout);
            text_escaped(stdout, path);
            fputc('\n', stdout);
        }
    }
}

/* Said on a terminal, and where something went wrong; else success is silent. */
static void sum_up(batch *b)
{
    batch_progress *p = &b->progress;
    batch_progress_end(p);
    size_t undone = b->todo - p->done - p->current - p->failed;
    bool worth_it = p->failed || undone || p->kind == CLI_PROGRESS_LINE;
    if (b->settings->quiet || b->work->files || p->kind == CLI_PROGRESS_JSON || !worth_it)
        return;
    char current[64] = "", failed[64] = "", left[64] = "";
    if (p->current)
        snprintf(current, sizeof current, ", %zu up to date", p->current);
    if (p->failed)
        snprintf(failed, sizeof failed, ", %zu failed", p->failed);
    if (undone)
        snprintf(left, sizeof left, ", %zu not begun", undone);
    double seconds = batch_now() - p->start;
    message("%zu of %zu files done%s%s%s; %.3g s, %.3g megapixels a second", p->done, b->todo,
            current, failed, left, seconds, seconds > 0 ? p->pixels / 1e6 / seconds : 0);
}

/* Files come and go: blocks of memory are kept for the next one instead of being given back. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 22); /* larger ones do go back, or --memory would mean little */
    mallopt(M_TRIM_THRESHOLD, 1 << 25);
#endif
}

/* By this process's threads, or by those of all ranks; then one by one what needs all of the
 * memory. */
static void work_on_all(batch *b)
{
    if (rank_count() > 1)
        batch_work_together(b);
    else
        batch_work_alone(b);
    for (size_t i = 0; i < b->again_count && !b->stop && !*signal_caught(); i++)
        batch_do_item(b, b->again[i], b->threads, b->settings->config.max_memory);
}

static int work_through(batch *b)
{
    b->print = batch_print(b->work->line, b->settings);
    if (b->work->batch->auto_shared)
        b->print += batch_print_inputs(&b->list);
    int code = ranks_largest(open_places(b));
    if (code != EXIT_DONE)
        return code;
    if (b->work->batch->dry_run) {
        if (rank_number() == 0)
            print_plan(b);
        return EXIT_DONE;
    }
    keep_memory();
    if (b->work->batch->auto_shared)
        code = ranks_largest(batch_share_thresholds(b));
    if (code != EXIT_DONE)
        return code;
    batch_progress_begin(&b->progress, b->work, b->todo, b->bytes);
    work_on_all(b);
    if (rank_number() > 0)
        return EXIT_DONE;
    sum_up(b);
    if (b->settings->json && !b->work->files)
        batch_tell_all(b->work, &b->progress);
    if (*signal_caught()) {
        message("stopped by signal %d (%s); the same command goes on where this one stopped",
                (int)*signal_caught(), strsignal((int)*signal_caught()));
        return EXIT_SIGNAL + (int)*signal_caught();
    }
    return b->worst;
}

static int check_options(const raster_work *work)
{
    const cli_settings *settings = work->settings;
    const char *lines = work->batch->json_lines;
    if (settings->json && lines && strcmp(lines, "-") == 0)
        return usage_error(work->line->command,
                           "--json and --json-lines - cannot both go to standard output");
    return EXIT_DONE;
}

/* By the first rank, for all. */
static int find_files(batch *b, size_t inputs)
{
    int code = EXIT_DONE;
    if (rank_number() == 0) {
        code = batch_find(&b->list, b->work, inputs);
        if (code == EXIT_DONE && b->list.unreadable)
            b->worst = EXIT_FILE;
        if (code == EXIT_DONE)
            code = batch_check(b->work, &b->list);
    }
    code = ranks_largest(code);
    if (code == EXIT_DONE)
        batch_share_list(&b->list);
    return code;
}

int batch_run(raster_work *work, size_t inputs)
{
    batch b = {.work = work, .settings = work->settings};
    b.threads = b.settings->config.threads ? b.settings->config.threads : rank_processors();
    b.page_wanted = work->batch->report.page != NULL;
    pthread_mutex_init(&b.lock, NULL);
    int code = check_options(work);
    if (code == EXIT_DONE)
        code = find_files(&b, inputs);
    if (code == EXIT_DONE)
        code = ranks_largest(make_order(&b));
    if (code == EXIT_DONE) {
        code = work_through(&b);
        close_places(&b);
        code = code > b.worst ? code : b.worst;
    }
    batch_list_free(&b.list);
    free(b.order);
    free(b.again);
    pthread_mutex_destroy(&b.lock);
    return code;
}
