/* SPDX-License-Identifier: MIT */
/* One file of a run over many: is it up to date, compute it, what came of it. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/statvfs.h>

#include "cli/batch/batch_run.h"

eg_config batch_config(const batch *b, int threads, size_t memory)
{
    eg_config config = b->settings->config;
    config.threads = threads;
    config.max_memory = memory;
    config.cancel = signal_caught();
    return config;
}

size_t batch_share(const batch *b)
{
    size_t share = b->settings->config.max_memory / (size_t)b->threads;
    return share ? share : 1;
}

void batch_worse(batch *b, int code)
{
    if (code > b->worst)
        b->worst = code;
}

/* ---- computing ---------------------------------------------------------------------------------
 */

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

bool batch_turn_name(batch_turn *t)
{
    bool fits = true;
    for (size_t i = 0; i < t->b->work->count; i++) {
        t->outputs[i] = t->paths[i];
        fits = fits && batch_output(t->b->work, t->item, i, t->paths[i], PATH_MAX);
    }
    t->record.output = t->outputs[0];
    return fits;
}

static eg_status prepare(batch_turn *t)
{
    if (!batch_turn_name(t))
        return refuse(&t->error, EG_FILE, t->item->input, "the name of its output is too long");
    for (size_t i = 0; i < t->b->work->count && !t->b->work->files; i++)
        if (!batch_make_folders(t->paths[i]))
            return refuse(&t->error, EG_FILE, t->paths[i], strerror(errno));
    return EG_OK;
}

/* Whether the input is still what it was when it was found. */
static bool unchanged(const batch_item *item)
{
    uint64_t size;
    int64_t modified;
    return item->streaming || (batch_look(item->input, &size, &modified) && size == item->size &&
                               modified == item->modified);
}

static eg_status compute(batch_turn *t)
{
    const raster_work *work = t->b->work;
    const eg_config config = batch_config(t->b, t->threads, t->memory);
    raster_compute(work, &config, t->item->input, t->outputs, &t->result,
                   t->b->page_wanted ? &t->thumbs : NULL, &t->error);
    note_result(&t->record, &t->result, t->b->work->batch->auto_shared);
    if (t->error.status == EG_OK && !unchanged(t->item))
        refuse(&t->error, EG_BAD_INPUT, t->item->input,
               "changed while it was read, its output may be of both: run again");
    for (size_t i = 0; t->error.status == EG_OK && i < work->count; i++) {
        t->made[i].there = batch_look(t->outputs[i], &t->made[i].size, &t->made[i].modified);
        t->record.output_bytes += t->made[i].there ? t->made[i].size : 0;
    }
    return t->error.status;
}

/* The page shows what is up to date too. */
static void show_current(batch_turn *t)
{
    const eg_config config = batch_config(t->b, t->threads, t->memory);
    if (t->b->page_wanted)
        raster_look(t->b->work, &config, t->item->input, t->outputs[0], &t->thumbs);
}

void batch_turn_begin(batch_turn *t, batch *b, batch_item *item)
{
    *t = (batch_turn){.b = b, .item = item, .threads = 1};
    t->record = (cli_record){.name = item->input + item->within,
                             .input = item->input,
                             .input_bytes = item->size,
                             .outputs = t->outputs};
}

void batch_turn_do(batch_turn *t)
{
    if (prepare(t) != EG_OK)
        return;
    if (batch_is_current(t->b, t->item, &t->record)) {
        t->record.outcome = OUTCOME_CURRENT;
        show_current(t);
    } else {
        t->record.output_bytes = 0;
        compute(t);
    }
}

void batch_turn_end(batch_turn *t)
{
    raster_thumbs_free(&t->thumbs);
}

/* ---- what became of it -------------------------------------------------------------------------
 */

/* What the manifest is to know of an output; for one thread at a time. */
static void remember(batch_turn *t, size_t index)
{
    batch *b = t->b;
    char name[PATH_MAX + 32], path[PATH_MAX];
    batch_entry entry = {
        .input_size = t->item->size,
        .input_modified = t->item->modified,
        .output_size = t->made[index].size,
        .output_modified = t->made[index].modified,
        .print = b->print ^ t->item->root,
        .width = t->record.width,
        .height = t->record.height,
        .has_edges = t->record.has_edges,
        .edges = t->record.edges,
    };
    if (!b->manifest || b->forgetful || !t->made[index].there ||
        !batch_manifest_name(b, t->item, index, name, sizeof name, path, sizeof path) ||
        batch_manifest_add(b->manifest, name, &entry))
        return;
    batch_progress_clear(&b->progress);
    message("the record of what is done cannot be written: %s; the next run will do these files "
            "again",
            strerror(errno));
    b->forgetful = true;
}

/* Every file after one that found the disc full would find it so too. */
static bool disc_is_full(const char *folder)
{
    struct statvfs about;
    return statvfs(folder, &about) == 0 && about.f_bavail < 16;
}

static void note_failure(batch_turn *t)
{
    batch *b = t->b;
    t->record.outcome = OUTCOME_FAILED;
    t->record.code = exit_code(t->error.status);
    t->record.reason = t->error.message;
    batch_worse(b, t->record.code);
    batch_progress_clear(&b->progress);
    if (b->progress.kind == CLI_PROGRESS_JSON)
        batch_tell(stderr, b->work, &t->record);
    else
        report_error(b->settings, &t->error);
    if (b->work->batch->fail_fast)
        b->stop = true;
    for (size_t i = 0; t->error.status == EG_FILE && !b->stop && i < b->work->count; i++)
        if (disc_is_full(b->work->outputs[i].path)) {
            message("%s: the disc is full; the same command goes on where this one stops",
                    b->work->outputs[i].path);
            b->stop = true;
        }
}

/* A reader that has left needs no message. */
static void give_up_lines(batch *b)
{
    if (b->lines != stdout || errno != EPIPE) {
        batch_progress_clear(&b->progress);
        message("%s: cannot be written: %s", b->work->batch->json_lines, strerror(errno));
    }
    if (b->lines == stdout)
        clearerr(stdout);
    else
        fclose(b->lines);
    b->lines = NULL;
    batch_worse(b, EXIT_FILE);
}

void batch_settle(batch_turn *t)
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
    if (t->error.status == EG_OK && t->record.outcome == OUTCOME_DONE &&
        b->work->batch->report.asked) {
        batch_progress_clear(&b->progress);
        raster_report(b->work, t->item->input, &t->result);
    }
    if (t->error.status == EG_OK && b->work->files && b->settings->json)
        b->work->tell(b->work, t->item->input, &t->result);
    t->record.before = t->thumbs.before;
    t->record.after = t->thumbs.after;
    if (b->lines && !batch_tell(b->lines, b->work, &t->record))
        give_up_lines(b);
    if (b->page && !b->page_error.status)
        report_add(b->page, &t->record, &b->page_error);
    batch_progress_note(&b->progress, &t->record);
    pthread_mutex_unlock(&b->lock);
}
