/* SPDX-License-Identifier: MIT */
/*
 * Who works on what: one file a thread, the largest first, so that no thread is left with a large one at the end. A
 * file so large that it would be alone in the end anyway gets all threads to itself at the beginning.
 */
#include "cli/batch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* One file at work. */
typedef struct turn {
    batch *b;
    batch_item *item;
    int threads;
    size_t memory;
    char paths[CLI_OUTPUTS][PATH_MAX];
    const char *outputs[CLI_OUTPUTS];
    cli_record record;
    raster_thumbs thumbs;
    eg_error error;
} turn;

/* ---- what is there already ------------------------------------------------------------------- */

/* The name of an output in the manifest: "slope:sub/a.tif". */
static bool manifest_name(const batch *b, const batch_item *item, size_t index, char *out,
                          size_t size, char *path, size_t path_size)
{
    if (!batch_output(b->work, item, index, path, path_size))
        return false;
    int length = snprintf(out, size, "%s:%s", b->work->outputs[index].name,
                          path + batch_folder_length(b->work, index));
    return length > 0 && (size_t)length < size;
}

static bool output_is_current(const batch *b, const batch_item *item, size_t index,
                              cli_record *record)
{
    char name[PATH_MAX + 32], path[PATH_MAX];
    uint64_t size;
    int64_t modified;
    if (!manifest_name(b, item, index, name, sizeof name, path, sizeof path))
        return false;
    const batch_entry *known = batch_manifest_find(b->manifest, name);
    if (!known || known->print != b->print || known->input_size != item->size ||
        known->input_modified != item->modified || !batch_look(path, &size, &modified) ||
        known->output_size != size || known->output_modified != modified)
        return false;
    record->width = known->width;
    record->height = known->height;
    record->output_bytes += size;
    record->has_edges = known->has_edges;
    record->edges = known->edges;
    return true;
}

bool batch_is_current(const batch *b, const batch_item *item, cli_record *record)
{
    if (!b->manifest || b->settings->many.force || item->missing)
        return false;
    for (size_t i = 0; i < b->work->count; i++)
        if (!output_is_current(b, item, i, record))
            return false;
    return true;
}

static void remember(turn *t, size_t index)
{
    batch *b = t->b;
    char name[PATH_MAX + 32], path[PATH_MAX];
    batch_entry entry = {
        .input_size = t->item->size,
        .input_modified = t->item->modified,
        .print = b->print,
        .width = t->record.width,
        .height = t->record.height,
        .has_edges = t->record.has_edges,
        .edges = t->record.edges,
    };
    if (!manifest_name(b, t->item, index, name, sizeof name, path, sizeof path) ||
        !batch_look(path, &entry.output_size, &entry.output_modified))
        return;
    t->record.output_bytes += entry.output_size;
    if (b->manifest && !batch_manifest_add(b->manifest, name, &entry)) {
        batch_progress_clear(&b->progress);
        message("the record of what is done cannot be written: %s; the next run will do these "
                "files again",
                strerror(errno));
        batch_manifest_close(b->manifest);
        b->manifest = NULL;
    }
}

/* ---- one file ---------------------------------------------------------------------------------- */

static eg_status refuse(eg_error *error, eg_status status, const char *name, const char *text)
{
    error->status = status;
    snprintf(error->message, sizeof error->message, "%s: %s", name, text);
    return status;
}

/* `shared`: the thresholds were found in all pictures together. */
static void note_result(cli_record *record, const raster_result *result, bool shared)
{
    record->width = result->info.width;
    record->height = result->info.height;
    record->seconds = result->seconds;
    record->has_edges = result->has_edges;
    if (result->has_edges) {
        const eg_edges_result *edges = &result->edges;
        double pixels = (double)record->width * (double)record->height;
        record->edges = (cli_marked){edges->low, edges->high, (double)edges->edge_pixels / pixels,
                                     edges->automatic || shared};
    }
}

static eg_status prepare(turn *t)
{
    for (size_t i = 0; i < t->b->work->count; i++) {
        t->outputs[i] = t->paths[i];
        if (!batch_output(t->b->work, t->item, i, t->paths[i], PATH_MAX))
            return refuse(&t->error, EG_FILE, t->item->input, "the name of its output is too long");
        if (!batch_make_folders(t->paths[i]))
            return refuse(&t->error, EG_FILE, t->paths[i], strerror(errno));
    }
    return EG_OK;
}

/* Whether the input is still what it was when it was found. */
static bool unchanged(const batch_item *item)
{
    uint64_t size;
    int64_t modified;
    return batch_look(item->input, &size, &modified) && size == item->size &&
           modified == item->modified;
}

static eg_status compute(turn *t)
{
    const raster_work *work = t->b->work;
    raster_result result = {0};
    eg_config config = t->b->settings->config;
    config.threads = t->threads;
    config.max_memory = t->memory;
    config.cancel = signal_caught();
    raster_compute(work, &config, t->item->input, t->outputs, &result,
                   t->b->page ? &t->thumbs : NULL, &t->error);
    note_result(&t->record, &result, t->b->settings->many.auto_shared);
    if (t->error.status == EG_OK && !unchanged(t->item))
        refuse(&t->error, EG_BAD_INPUT, t->item->input,
               "changed while it was read, its output may be of both: run again");
    if (t->error.status == EG_OK && t->b->settings->report.asked) {
        pthread_mutex_lock(&t->b->lock);
        batch_progress_clear(&t->b->progress);
        raster_report(work, t->item->input, &result);
        pthread_mutex_unlock(&t->b->lock);
    }
    return t->error.status;
}

/* ---- what became of it ------------------------------------------------------------------------- */

/* Every file after one that found the disc full would find it so too. */
static bool disc_is_full(const char *folder)
{
    struct statvfs about;
    return statvfs(folder, &about) == 0 && about.f_bavail < 16;
}

static void note_failure(turn *t)
{
    batch *b = t->b;
    t->record.outcome = OUTCOME_FAILED;
    t->record.code = exit_code(t->error.status);
    t->record.reason = t->error.message;
    if (t->record.code > b->worst)
        b->worst = t->record.code;
    batch_progress_clear(&b->progress);
    if (b->progress.kind == CLI_PROGRESS_JSON)
        batch_tell(stderr, b->work, &t->record);
    else
        report_error(b->settings, &t->error);
    if (b->settings->many.fail_fast)
        b->stop = true;
    if (t->error.status == EG_FILE && !b->stop && disc_is_full(b->work->outputs[0].path)) {
        message("%s: the disc is full; the same command goes on where this one stops",
                b->work->outputs[0].path);
        b->stop = true;
    }
}

/* A reader that has left needs no message. */
static void give_up_lines(batch *b)
{
    if (b->lines != stdout || errno != EPIPE) {
        batch_progress_clear(&b->progress);
        message("%s: cannot be written: %s", b->settings->many.json_lines, strerror(errno));
    }
    if (b->lines == stdout)
        clearerr(stdout);
    else
        fclose(b->lines);
    b->lines = NULL;
    b->worst = b->worst > EXIT_FILE ? b->worst : EXIT_FILE;
}

static void finish(turn *t)
{
    batch *b = t->b;
    pthread_mutex_lock(&b->lock);
    if (t->error.status == EG_CANCELLED) {
        b->stop = true;
        pthread_mutex_unlock(&b->lock);
        return;
    }
    if (t->error.status != EG_OK)
        note_failure(t);
    else if (t->record.outcome == OUTCOME_DONE)
        for (size_t i = 0; i < b->work->count; i++)
            remember(t, i);
    t->record.before = t->thumbs.before;
    t->record.after = t->thumbs.after;
    if (b->lines && !batch_tell(b->lines, b->work, &t->record))
        give_up_lines(b);
    if (b->page && !b->page_error.status)
        report_add(b->page, &t->record, &b->page_error);
    batch_progress_note(&b->progress, &t->record);
    pthread_mutex_unlock(&b->lock);
}

/* More memory than its share: it is tried again when it can have all of it. */
static bool put_off(turn *t)
{
    batch *b = t->b;
    if (t->error.status != EG_LIMIT || t->memory == b->settings->config.max_memory)
        return false;
    pthread_mutex_lock(&b->lock);
    b->again[b->again_count++] = (size_t)(t->item - b->list.items);
    pthread_mutex_unlock(&b->lock);
    return true;
}

/* The page shows what is up to date too. */
static void show_current(turn *t)
{
    eg_config config = t->b->settings->config;
    config.threads = t->threads;
    config.max_memory = t->memory;
    config.cancel = signal_caught();
    if (t->b->page)
        raster_look(t->b->work, &config, t->item->input, t->outputs[0], &t->thumbs);
}

static void do_item(batch *b, size_t index, int threads, size_t memory)
{
    batch_item *item = &b->list.items[index];
    turn t = {.b = b, .item = item, .threads = threads, .memory = memory};
    t.record = (cli_record){.name = item->input + item->within,
                            .input = item->input,
                            .input_bytes = item->size,
                            .outputs = t.outputs,
                            .output_count = b->work->count};
    if (prepare(&t) == EG_OK) {
        t.record.output = t.outputs[0];
        if (batch_is_current(b, item, &t.record)) {
            t.record.outcome = OUTCOME_CURRENT;
            show_current(&t);
        } else {
            t.record.output_bytes = 0;
            compute(&t);
        }
    }
    if (!put_off(&t))
        finish(&t);
    raster_thumbs_free(&t.thumbs);
}

/* ---- all files --------------------------------------------------------------------------------- */

/* Has the system read a file that comes soon. */
static void read_ahead(const batch *b, size_t place)
{
    if (place >= b->todo)
        return;
    int fd =
        open(b->list.items[b->order[place]].input, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return;
    posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    close(fd);
}

/* The next item's place in the order; b->todo: there is none. */
static size_t take(batch *b)
{
    pthread_mutex_lock(&b->lock);
    size_t place = b->stop || *signal_caught() ? b->todo : b->next;
    if (place < b->todo)
        b->next++;
    pthread_mutex_unlock(&b->lock);
    return place;
}

static void serve(void *self, int thread)
{
    batch *b = self;
    size_t share = b->settings->config.max_memory / (size_t)b->threads;
    (void)thread;
    for (size_t place; (place = take(b)) < b->todo;) {
        read_ahead(b, place + (size_t)b->threads);
        do_item(b, b->order[place], 1, share ? share : 1);
    }
}

/* Whether the next file would keep one thread busy longer than all others together. */
static bool is_large(const batch *b, uint64_t rest)
{
    return b->next < b->todo &&
           b->list.items[b->order[b->next]].size * (uint64_t)b->threads >= rest;
}

static uint64_t bytes_to_do(const batch *b)
{
    uint64_t bytes = 0;
    for (size_t i = b->next; i < b->todo; i++)
        bytes += b->list.items[b->order[i]].size;
    return bytes;
}

void batch_work(batch *b)
{
    const size_t all = b->settings->config.max_memory;
    uint64_t rest = bytes_to_do(b);
    while (is_large(b, rest) && !b->stop && !*signal_caught()) {
        size_t index = b->order[take(b)];
        rest -= b->list.items[index].size;
        do_item(b, index, b->threads, all);
    }
    size_t left = b->todo - b->next;
    if (left > 0 && !b->stop)
        eg_threads_run(left < (size_t)b->threads ? (int)left : b->threads, b, serve);
    for (size_t i = 0; i < b->again_count && !b->stop && !*signal_caught(); i++)
        do_item(b, b->again[i], b->threads, all);
}
