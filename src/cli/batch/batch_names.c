/* SPDX-License-Identifier: MIT */
/* Output paths: the --name pattern, mirrored folders, creating folders. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/batch/batch.h"

static const char fields[] = "{stem}, {ext}, {name}, {map} or {command}";

/* A substring, not terminated. */
typedef struct slice {
    const char *text;
    size_t length;
} slice;

static slice slice_text(const char *text)
{
    return (slice){text, strlen(text)};
}

static slice slice_range(const char *begin, const char *end)
{
    return (slice){begin, (size_t)(end - begin)};
}

/* Sets *value to the value of a field, such as "stem", for an input called `name` and output
 * `index`. Returns false if the field is unknown. */
static bool field_value(slice field, const raster_work *work, size_t index, const char *name,
                        slice *value)
{
    const char *dot = strrchr(name, '.');
    const char *stem_end = dot && dot != name ? dot : name + strlen(name);
    const struct {
        const char *field;
        slice value;
    } known[] = {
        {"stem", slice_range(name, stem_end)},
        {"ext", slice_text(*stem_end ? stem_end + 1 : stem_end)},
        {"name", slice_text(name)},
        {"map", slice_text(work->outputs[index].name)},
        {"command", slice_text(work->args->command->name)},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].field) == field.length &&
            strncmp(known[i].field, field.text, field.length) == 0) {
            *value = known[i].value;
            return true;
        }
    return false;
}

typedef struct path_buffer {
    char *out;
    size_t size, used;
    bool full; /* a slice did not fit */
} path_buffer;

static void append(path_buffer *to, slice text)
{
    if (text.length >= to->size - to->used) {
        to->full = true;
        return;
    }
    memcpy(to->out + to->used, text.text, text.length);
    to->used += text.length;
    to->out[to->used] = 0;
}

/* Appends the pattern with its fields replaced. Returns false if a field is unknown or a brace is
 * not closed. */
static bool expand_pattern(path_buffer *to, const raster_work *work, size_t index,
                           const char *pattern, const char *name)
{
    while (*pattern) {
        size_t plain = strcspn(pattern, "{");
        append(to, (slice){pattern, plain});
        pattern += plain;
        if (!*pattern)
            break;
        const char *end = strchr(pattern, '}');
        slice value;
        if (!end || !field_value(slice_range(pattern + 1, end), work, index, name, &value))
            return false;
        append(to, value);
        pattern = end + 1;
    }
    return true;
}

const char *batch_output_extension(const raster_work *work, size_t index)
{
    const char *format = work->settings->write.format;
    const raster_output *output = &work->outputs[index];
    return format && !(output->lines && output->option) ? format : output->extension;
}

size_t batch_folder_length(const raster_work *work, size_t index)
{
    const char *folder = work->outputs[index].path;
    size_t length = strlen(folder);
    return length + (length > 0 && folder[length - 1] != '/');
}

/* Replaces the extension of a path by that of a file of lines. */
static void replace_extension(path_buffer *to, const char *extension)
{
    const char *dot = strrchr(path_name(to->out), '.');
    if (dot) {
        to->used = (size_t)(dot - to->out);
        to->out[to->used] = 0;
    }
    append(to, slice_text("."));
    append(to, slice_text(extension));
}

/* Returns true if files with that name have a format of the first output. */
static bool recognizes(const raster_work *work, const char *path)
{
    return work->outputs[0].lines ? eg_line_file_recognizes(path, work->settings->write.format)
                                  : eg_sink_recognizes(path, &work->settings->write);
}

bool batch_output_path(const raster_work *work, const batch_item *item, size_t index, char *out,
                       size_t size)
{
    path_buffer to = {.out = out, .size = size};
    if (work->single_file) {
        append(&to, slice_text(work->outputs[index].path));
        return !to.full;
    }
    const char *folder = work->outputs[index].path, *mirrored = item->input + item->relative_offset;
    const char *name = path_name(mirrored);
    append(&to, slice_text(folder));
    if (batch_folder_length(work, index) > strlen(folder))
        append(&to, slice_text("/"));
    append(&to, slice_range(mirrored, name));
    if (work->batch->name) {
        expand_pattern(&to, work, index, work->batch->name, name);
        if (work->outputs[index].lines && work->outputs[index].option)
            replace_extension(&to, work->outputs[index].extension);
    } else {
        expand_pattern(&to, work, index, "{stem}.", name);
        append(&to, slice_text(batch_output_extension(work, index)));
    }
    return !to.full;
}

static bool make_folder(const char *folder)
{
    return mkdir(folder, 0777) == 0 || errno == EEXIST;
}

/* Tries the innermost folder first: mostly it exists already, or is the only missing one. */
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

bool batch_has_dotdot(const char *path)
{
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
            return true;
    }
    return false;
}

int batch_check_name_pattern(const raster_work *work)
{
    const char *pattern = work->batch->name;
    const cli_command *command = work->args->command;
    char out[PATH_MAX] = "";
    path_buffer to = {.out = out, .size = sizeof out};
    if (!pattern)
        return work->single_file || work->outputs[0].lines || recognizes(work, "a.png")
                   ? EXIT_DONE
                   : usage_error(command,
                                 "--format %s cannot be written for several files: name another",
                                 work->settings->write.format);
    if (!expand_pattern(&to, work, 0, pattern, "a.png"))
        return usage_error(command, "--name: '%s' has an unknown or unclosed field: use %s",
                           pattern, fields);
    if (*pattern == '/' || batch_has_dotdot(out))
        return usage_error(command, "--name: '%s' leads out of the output folder", pattern);
    if (!to.used || out[to.used - 1] == '/')
        return usage_error(command, "--name: '%s' does not end in a file name", pattern);
    if (!recognizes(work, out))
        return usage_error(command,
                           "--name: '%s' does not end in the extension of a format that can be "
                           "written, such as .png: add one, or name the format with --format",
                           pattern);
    return EXIT_DONE;
}
