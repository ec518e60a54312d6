/* SPDX-License-Identifier: MIT */
/* What outputs are called and where they lie. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"

static const char fields[] = "{stem}, {ext}, {name}, {map} or {command}";

/* A piece of text within another. */
typedef struct piece {
    const char *text;
    size_t length;
} piece;

static piece whole(const char *text)
{
    return (piece){text, strlen(text)};
}

static piece cut(const char *begin, const char *end)
{
    return (piece){begin, (size_t)(end - begin)};
}

/* What a field of the pattern stands for; false: it is not known. */
static bool field_value(piece field, const raster_work *work, size_t index, const char *name,
                        piece *value)
{
    const char *dot = strrchr(name, '.');
    const char *stem_end = dot && dot != name ? dot : name + strlen(name);
    const struct {
        const char *field;
        piece value;
    } known[] = {
        {"stem", cut(name, stem_end)},
        {"ext", whole(*stem_end ? stem_end + 1 : stem_end)},
        {"name", whole(name)},
        {"map", whole(work->outputs[index].name)},
        {"command", whole(work->line->command->name)},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].field) == field.length &&
            strncmp(known[i].field, field.text, field.length) == 0) {
            *value = known[i].value;
            return true;
        }
    return false;
}

typedef struct buffer {
    char *out;
    size_t size, used;
    bool full;
} buffer;

static void put(buffer *to, piece text)
{
    if (text.length >= to->size - to->used) {
        to->full = true;
        return;
    }
    memcpy(to->out + to->used, text.text, text.length);
    to->used += text.length;
    to->out[to->used] = 0;
}

/* The pattern with its fields filled in for a file called `name`. False: a field is unknown. */
static bool fill(buffer *to, const raster_work *work, size_t index, const char *pattern,
                 const char *name)
{
    while (*pattern) {
        size_t plain = strcspn(pattern, "{");
        put(to, (piece){pattern, plain});
        pattern += plain;
        if (!*pattern)
            break;
        const char *end = strchr(pattern, '}');
        piece value;
        if (!end || !field_value(cut(pattern + 1, end), work, index, name, &value))
            return false;
        put(to, value);
        pattern = end + 1;
    }
    return true;
}

const char *batch_extension(const raster_work *work, size_t index)
{
    const char *format = work->settings->write.format;
    return format ? format : work->outputs[index].extension;
}

size_t batch_folder_length(const raster_work *work, size_t index)
{
    const char *folder = work->outputs[index].path;
    size_t length = strlen(folder);
    return length + (length > 0 && folder[length - 1] != '/');
}

bool batch_output(const raster_work *work, const batch_item *item, size_t index, char *out,
                  size_t size)
{
    buffer to = {.out = out, .size = size};
    if (work->files) {
        put(&to, whole(work->outputs[index].path));
        return !to.full;
    }
    const char *folder = work->outputs[index].path, *mirrored = item->input + item->within;
    const char *name = path_name(mirrored);
    put(&to, whole(folder));
    if (batch_folder_length(work, index) > strlen(folder))
        put(&to, whole("/"));
    put(&to, cut(mirrored, name));
    if (work->batch->name) {
        fill(&to, work, index, work->batch->name, name);
    } else {
        fill(&to, work, index, "{stem}.", name);
        put(&to, whole(batch_extension(work, index)));
    }
    return !to.full;
}

static bool make_folder(const char *folder)
{
    return mkdir(folder, 0777) == 0 || errno == EEXIST;
}

/* Mostly it is there already: then one call tells. */
bool batch_make_folders(const char *path)
{
    char folder[PATH_MAX];
    size_t length = (size_t)(path_name(path) - path);
    if (length >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folder, path, length);
    folder[length] = 0;
    if (length == 0 || make_folder(folder))
        return true;
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (!make_folder(folder))
            return false;
        *slash = '/';
    }
    return true;
}

/* ---- checks ---------------------------------------------------------------------------------- */

bool batch_leads_up(const char *path)
{
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
            return true;
    }
    return false;
}

int batch_check_pattern(const raster_work *work)
{
    const char *pattern = work->batch->name;
    const cli_command *command = work->line->command;
    char out[PATH_MAX] = "";
    buffer to = {.out = out, .size = sizeof out};
    if (!pattern)
        return work->files || eg_sink_recognizes("a.png", &work->settings->write)
                   ? EXIT_DONE
                   : usage_error(command, "--format %s cannot be written by runs over many files",
                                 work->settings->write.format);
    if (!fill(&to, work, 0, pattern, "a.png"))
        return usage_error(command, "--name: '%s' has a brace that is none of %s", pattern, fields);
    if (*pattern == '/' || batch_leads_up(out))
        return usage_error(command, "--name: '%s' leads out of the folder of the outputs", pattern);
    if (!to.used || out[to.used - 1] == '/')
        return usage_error(command, "--name: '%s' ends in no name of a file", pattern);
    if (!eg_sink_recognizes(out, &work->settings->write))
        return usage_error(command,
                           "--name: '%s' does not end like a format that can be written, such as "
                           ".png; or say --format",
                           pattern);
    return EXIT_DONE;
}
