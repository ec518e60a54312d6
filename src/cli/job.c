/* SPDX-License-Identifier: MIT */
/* From two paths to an open source and sink. */
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/common.h"

static bool is_stream(const char *path)
{
    return strcmp(path, "-") == 0;
}

int input_check(const cli_command *command, const char *path)
{
    if (is_stream(path) && isatty(STDIN_FILENO))
        return usage_error(command,
                           "standard input is a terminal: name a file, or send one in with "
                           "'< FILE' or a pipe");
    return EXIT_DONE;
}

int output_check(const cli_command *command, const cli_settings *settings, const char *path)
{
    struct stat about;
    if (is_stream(path) && settings->json)
        return usage_error(command,
                           "--json and the picture cannot both go to standard output: name "
                           "an OUTPUT file");
    if (is_stream(path) && isatty(STDOUT_FILENO))
        return usage_error(command,
                           "a picture would only upset the terminal: name an OUTPUT file, or "
                           "send it on with '> FILE' or a pipe");
    if (is_stream(path) || stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return EXIT_DONE;
    bool slash = path[strlen(path) - 1] == '/';
    message("%s: is a folder; name a file in it, such as %s%s%s.png", path, path, slash ? "" : "/",
            command->name);
    return EXIT_FILE;
}

/* Where the name of the file in `path` begins. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool stat_folder(const char *path, struct stat *about)
{
    char folder[PATH_MAX];
    size_t length = folder_length(path);
    if (length >= sizeof folder)
        return false;
    memcpy(folder, path, length);
    folder[length] = 0;
    return stat(length ? folder : ".", about) == 0;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool same_file(const char *a, const char *b)
{
    struct stat first, second;
    if (is_stream(a) || is_stream(b))
        return false;
    if (stat(a, &first) == 0 && stat(b, &second) == 0)
        return S_ISREG(first.st_mode) && same_inode(&first, &second);
    return strcmp(a + folder_length(a), b + folder_length(b)) == 0 && stat_folder(a, &first) &&
           stat_folder(b, &second) && same_inode(&first, &second);
}

int job_check(const cli_line *line, const cli_settings *settings)
{
    int code = input_check(line->command, line->operands[0]);
    return code ? code : output_check(line->command, settings, line->operands[1]);
}

eg_status job_open(cli_job *job, const cli_settings *settings, const char *input,
                   const char *output)
{
    eg_config config = settings->config;
    config.cancel = signal_caught();
    eg_status status = eg_context_new(&job->ctx, &config, &job->error);
    if (status == EG_OK)
        status = eg_source_open(&job->source, job->ctx, input, &settings->read, &job->error);
    if (status == EG_OK && output)
        status = eg_sink_open(&job->sink, job->ctx, output, &settings->write, &job->error);
    return status;
}

void job_close(cli_job *job)
{
    eg_sink_close(job->sink);
    eg_source_close(job->source);
    eg_context_free(job->ctx);
}
