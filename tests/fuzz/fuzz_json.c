/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target of JSON lines: a line about a record of any names and numbers is JSON by the rules of
 * RFC 8259, and its texts are those of the record.
 *
 * libFuzzer: -max_len=256
 */
#include <stdlib.h>
#include <string.h>

#include "cli/batch/batch.h"
#include "cli/commands.h"
#include "json_check.h"
#include "record.h"

static void check_text(const char *line, const char *key, const char *text)
{
    char want[8 * RECORD_TEXT], got[8 * RECORD_TEXT];
    const char *at = json_member(line, key);
    replace_bytes(want, sizeof want, text, NULL);
    require(at && json_string(at, got, sizeof got) && strcmp(got, want) == 0,
            "a text is that of the record", NULL);
}

static void check_line(const char *line, size_t size, const made_record *made)
{
    const char *end = json_value_end(line);
    require(end && strcmp(end, "\n") == 0, "a line is one JSON value", NULL);
    require(memchr(line, '\n', size) == line + size - 1, "a line is one line", NULL);
    check_text(line, "input", made->input);
    if (made->record.reason)
        check_text(line, "reason", made->reason);
    const char *bytes = json_member(line, "input_bytes");
    require(bytes && (made->record.input_size_unknown
                          ? strncmp(bytes, "null", 4) == 0
                          : strtoull(bytes, NULL, 10) == made->record.input_bytes),
            "a size is that of the record", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes bytes = {data, size};
    made_record made;
    char *line = NULL;
    size_t length = 0;
    eg_edges_options edges;
    eg_edges_default(&edges);
    const cli_args args = {.commands = commands, .command = &edges_command};
    raster_work work = {.args = &args, .count = 1};
    work.edges = pick(&bytes, 2) ? &edges : NULL;
    take_record(&bytes, &made);
    made.record.has_edges = made.record.has_edges && work.edges;
    FILE *out = open_memstream(&line, &length);
    const batch_progress progress = {.files = 1};
    require(out && batch_print_json_line(out, &work, &progress, &made.record), "a line is written",
            NULL);
    fclose(out);
    check_line(line, length, &made);
    free(line);
    return 0;
}
