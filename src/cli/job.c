/* SPDX-License-Identifier: MIT */
/* From two paths to an open source and sink. */
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

static int output_check(const cli_command *command, const cli_settings *settings, const char *path)
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
    message("%s: is a folder; name a file in it, such as %s%sedges.png", path, path,
            slash ? "" : "/");
    return EXIT_FILE;
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
