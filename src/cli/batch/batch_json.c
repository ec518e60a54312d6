/* SPDX-License-Identifier: MIT */
/* The JSON objects about a file (--json-lines) and about a run (--json). */
#include <math.h>

#include "cli/batch/batch.h"
#include "cli/support/json.h"

static void print_size(json *j, const char *key, size_t value)
{
    if (value)
        json_count(j, key, value);
    else
        json_null(j, key);
}

/* Prints the results of edges; nulls if there are none. */
static void print_edges(json *j, const raster_work *work, const cli_record *record)
{
    const cli_edge_stats *edges = &record->edges;
    const bool known = record->has_edges;
    if (known ? !isnan(edges->low) : work->edges->method != EG_EDGE_THRESHOLD)
        json_number(j, "low", known ? edges->low : (double)NAN);
    json_number(j, "high", known ? edges->high : (double)NAN);
    if (known)
        json_bool(j, "automatic", edges->automatic);
    else
        json_null(j, "automatic");
    json_number(j, "edge_share", known ? edges->edge_share : (double)NAN);
}

bool batch_print_json_line(FILE *out, const raster_work *work, const batch_progress *p,
                           const cli_record *record)
{
    static const char *const outcomes[] = {
        [OUTCOME_DONE] = "done", [OUTCOME_UP_TO_DATE] = "current", [OUTCOME_FAILED] = "failed"};
    json j = {.out = out, .in_line = true};
    json_open(&j, NULL, '{');
    json_text(&j, "command", work->args->command->name);
    json_text(&j, "input", record->input);
    json_text(&j, "outcome", outcomes[record->outcome]);
    json_count(&j, "code", (uint64_t)record->code);
    if (record->reason)
        json_text(&j, "reason", record->reason);
    if (record->outcome != OUTCOME_FAILED) {
        json_open(&j, "outputs", '[');
        for (size_t i = 0; i < work->count; i++)
            json_text(&j, NULL, record->outputs[i]);
        json_close(&j, ']');
        json_count(&j, "output_bytes", record->output_bytes);
    }
    if (record->input_size_unknown)
        json_null(&j, "input_bytes");
    else
        json_count(&j, "input_bytes", record->input_bytes);
    print_size(&j, "width", record->width);
    print_size(&j, "height", record->height);
    if (record->has_edges || work->edges)
        print_edges(&j, work, record);
    json_number(&j, "seconds", record->seconds);
    json_count(&j, "record", p->done + p->up_to_date + p->failed + 1);
    json_count(&j, "records", p->files);
    json_close(&j, '}');
    return !ferror(out);
}

void batch_print_json_summary(const raster_work *work, const batch_progress *p,
                              const batch_list *list)
{
    double seconds = seconds_now() - p->start;
    json j = {.out = stdout};
    json_open(&j, NULL, '{');
    json_text(&j, "command", work->args->command->name);
    json_count(&j, "files", p->files);
    json_count(&j, "done", p->done);
    json_count(&j, "current", p->up_to_date);
    json_count(&j, "failed", p->failed);
    json_count(&j, "skipped_other", list->skipped_other);
    json_count(&j, "skipped_folders", list->skipped_folders);
    json_number(&j, "megapixels", p->pixels / 1e6);
    json_number(&j, "seconds", seconds);
    json_close(&j, '}');
}
