/* SPDX-License-Identifier: MIT */
/* edgegrad info: what a picture is, by its header. */
#include <string.h>

#include "cli/commands.h"
#include "cli/support/georef_text.h"
#include "cli/support/json.h"
#include "cli/support/text.h"

static const cli_option rows[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .help = "print a JSON object, for several files an array of them"},
    {.name = NULL},
};

static const cli_group info_group = {"Info", rows, sizeof(cli_settings)};

/* What is done to the stored rows to show them (EXIF 2.3, tag 274). */
static const char *const turns[9] = {
    [1] = "as stored",
    [2] = "mirrored left to right when shown",
    [3] = "turned 180° when shown",
    [4] = "mirrored top to bottom when shown",
    [5] = "turned 90° clockwise and mirrored left to right when shown",
    [6] = "turned 90° clockwise when shown",
    [7] = "turned 90° counterclockwise and mirrored left to right when shown",
    [8] = "turned 90° counterclockwise when shown",
};

static const char *turn(int orientation)
{
    return orientation >= 1 && orientation <= 8 ? turns[orientation] : "unknown";
}

static const char *sample_name(eg_sample sample)
{
    return sample == EG_U8 ? "8-bit integers" : "floating point";
}

static bool resized(const eg_info *info)
{
    return info->stored_width != info->width || info->stored_height != info->height;
}

static void print_text(const char *path, const eg_source *source)
{
    const eg_info *info = eg_source_info(source);
    fputs("file:        ", stdout);
    text_escaped(stdout, path);
    printf("\nformat:      %s%s\n", info->format, info->interlaced ? ", interlaced" : "");
    printf("size:        %zu x %zu pixels\n", info->width, info->height);
    if (resized(info))
        printf("stored:      %zu x %zu pixels\n", info->stored_width, info->stored_height);
    printf("orientation: %d (%s)\n", info->orientation, turn(info->orientation));
    printf("colour:      %s\n", info->colour);
    printf("channels:    %d of %d bit%s\n", info->channels, info->depth,
           info->depth == 1 ? "" : "s");
    printf("alpha:       %s\n", info->has_alpha ? "yes" : "no");
    printf("read as:     %s, white is %g\n", sample_name(info->sample), (double)info->white_level);
    ground_text(eg_source_georef(source), info);
}

static void print_json(json *j, const char *path, const eg_source *source)
{
    const eg_info *info = eg_source_info(source);
    json_open(j, NULL, '{');
    json_text(j, "file", path);
    json_text(j, "format", info->format);
    json_count(j, "width", info->width);
    json_count(j, "height", info->height);
    json_count(j, "stored_width", info->stored_width);
    json_count(j, "stored_height", info->stored_height);
    json_count(j, "orientation", (uint64_t)info->orientation);
    json_text(j, "colour", info->colour);
    json_count(j, "channels", (uint64_t)info->channels);
    json_count(j, "depth", (uint64_t)info->depth);
    json_bool(j, "has_alpha", info->has_alpha);
    json_bool(j, "interlaced", info->interlaced);
    json_text(j, "sample", info->sample == EG_U8 ? "u8" : "f32");
    json_number(j, "white", (double)info->white_level);
    ground_json(j, eg_source_georef(source), info);
    json_close(j, '}');
}

static void print_failure(json *j, const char *path, const eg_error *error)
{
    json_open(j, NULL, '{');
    json_text(j, "file", path);
    json_text(j, "error", error->message);
    json_close(j, '}');
}

/* Returns the exit code of this file. */
static int show(json *j, const cli_line *line, const cli_settings *settings, size_t index)
{
    const char *path = line->operands[index];
    eg_config config = settings->config;
    config.cancel = signal_caught();
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_error error = {0};
    int code = EXIT_DONE;
    if (eg_context_new(&ctx, &config, &error) != EG_OK ||
        eg_source_open(&source, ctx, path, &settings->read, &error) != EG_OK) {
        code = report_error(settings, &error);
        if (settings->json)
            print_failure(j, path, &error);
    } else if (settings->json) {
        print_json(j, path, source);
    } else {
        if (index > 0)
            fputc('\n', stdout);
        print_text(path, source);
    }
    eg_source_close(source);
    eg_context_free(ctx);
    return code;
}

static int check_operands(const cli_line *line)
{
    bool piped = false;
    for (size_t i = 0; i < line->operand_count; i++) {
        bool stream = strcmp(line->operands[i], "-") == 0;
        if (stream && piped)
            return usage_error(line->command, "standard input (-) can be read only once");
        int code = input_check(line->command, line->operands[i]);
        if (code != EXIT_DONE)
            return code;
        piped = piped || stream;
    }
    return EXIT_DONE;
}

static int run(const cli_line *line, cli_settings *settings)
{
    int worst = check_operands(line);
    if (worst != EXIT_DONE)
        return worst;
    json j = {.out = stdout};
    bool several = settings->json && line->operand_count > 1;
    if (several)
        json_open(&j, NULL, '[');
    for (size_t i = 0; i < line->operand_count && worst < EXIT_SIGNAL; i++) {
        int code = show(&j, line, settings, i);
        worst = code > worst ? code : worst;
    }
    if (several)
        json_close(&j, ']');
    return worst;
}

const cli_command info_command = {
    .name = "info",
    .summary = "tells what a file is: format, size, colour, orientation, place on the ground",
    .about =
        "Prints what each FILE is and, where it says so, the ground it covers: the size of a "
        "cell, coordinates of the corners, units, the value of missing cells. Only its header is "
        "read, so damage further on is not seen.",
    .operands = (const char *const[]){"FILE...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&info_group, &picture_group, &input_group, &limit_group,
                                         &other_group, NULL},
    .examples = (const char *const[]){"one picture", "edgegrad info photo.jpg", "for a script",
                                      "edgegrad info --json *.png", "what comes through a pipe",
                                      "edgegrad info - <photo.jpg", NULL},
    .settings_size = sizeof(cli_settings),
    .run = run,
};
