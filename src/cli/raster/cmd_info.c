/* SPDX-License-Identifier: MIT */
/* edgegrad info: shows the properties of files from their headers. */
#include <string.h>

#include "cli/commands.h"
#include "cli/sandbox/sandbox.h"
#include "cli/support/georef_text.h"
#include "cli/support/json.h"
#include "cli/support/text.h"

static const cli_option info_options[] = {
    {.name = "json",
     .type = OPTION_FLAG,
     .offset = offsetof(cli_settings, json),
     .brief = {1, "Print JSON, for scripts"},
     .help = "Print a JSON object; an array of objects for several files"},
    {.name = NULL},
};

static const cli_group info_group = {"Info", info_options, sizeof(cli_settings)};

/* Descriptions of the EXIF orientations (EXIF 2.3, tag 274). */
static const char *const orientations[9] = {
    [1] = "as stored",
    [2] = "mirrored left to right when shown",
    [3] = "turned 180° when shown",
    [4] = "mirrored top to bottom when shown",
    [5] = "turned 90° clockwise and mirrored left to right when shown",
    [6] = "turned 90° clockwise when shown",
    [7] = "turned 90° counterclockwise and mirrored left to right when shown",
    [8] = "turned 90° counterclockwise when shown",
};

static const char *orientation_text(int orientation)
{
    return orientation >= 1 && orientation <= 8 ? orientations[orientation] : "unknown";
}

/* Names of the kinds of pages, in JSON and as text. */
static const struct page_name {
    const char *json, *text;
} page_names[] = {
    [EG_PAGE_IMAGE] = {"image", ""},
    [EG_PAGE_REDUCED] = {"reduced", ", reduced copy"},
    [EG_PAGE_MASK] = {"mask", ", mask"},
    [EG_PAGE_AUXILIARY] = {"auxiliary", ", auxiliary image"},
};

static void print_pages(const eg_source *source)
{
    const eg_page *page = eg_source_page(source, 0);
    if (page)
        printf("page:        %d\n", eg_source_info(source)->page);
    for (size_t i = 0; page; page = eg_source_page(source, ++i)) {
        printf("%-13s%zu: ", i == 0 ? "pages:" : "", i + 1);
        if (page->width > 0)
            printf("%zu x %zu pixels%s\n", page->width, page->height, page_names[page->kind].text);
        else
            printf("unknown size%s\n", page_names[page->kind].text);
    }
}

static void print_pages_json(json *j, const eg_source *source)
{
    const eg_page *page = eg_source_page(source, 0);
    if (!page)
        return;
    json_count(j, "page", (uint64_t)eg_source_info(source)->page);
    json_open(j, "pages", '[');
    for (size_t i = 0; page; page = eg_source_page(source, ++i)) {
        json_open(j, NULL, '{');
        if (page->width > 0) {
            json_count(j, "width", page->width);
            json_count(j, "height", page->height);
        }
        json_text(j, "kind", page_names[page->kind].json);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void print_text(const char *path, const eg_source *source)
{
    const eg_info *info = eg_source_info(source);
    fputs("file:        ", stdout);
    text_escaped(stdout, path);
    printf("\nformat:      %s%s\n", info->format, info->interlaced ? ", interlaced" : "");
    printf("size:        %zu x %zu pixels\n", info->width, info->height);
    if (info->stored_width != info->width || info->stored_height != info->height)
        printf("stored:      %zu x %zu pixels\n", info->stored_width, info->stored_height);
    printf("orientation: %d (%s)\n", info->orientation, orientation_text(info->orientation));
    printf("colour:      %s\n", info->colour);
    printf("channels:    %d of %d bit%s\n", info->channels, info->depth,
           info->depth == 1 ? "" : "s");
    printf("alpha:       %s\n", info->has_alpha ? "yes" : "no");
    printf("read as:     %s, white is %g\n",
           info->sample == EG_U8 ? "8-bit integers" : "floating point", (double)info->white_level);
    print_pages(source);
    georef_print_text(eg_source_georef(source), info);
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
    print_pages_json(j, source);
    georef_print_json(j, eg_source_georef(source), info);
    json_close(j, '}');
}

static void print_failure(json *j, const char *path, const eg_error *error)
{
    json_open(j, NULL, '{');
    json_text(j, "file", path);
    json_text(j, "error", error->message);
    json_close(j, '}');
}

/* Prints the properties of one operand, or the error with --json. Returns its exit code. */
static int show_file(json *j, const cli_args *args, const cli_settings *settings, size_t index)
{
    const char *path = args->operands[index];
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
    report_warnings(settings, path, source);
    eg_source_close(source);
    eg_context_free(ctx);
    return code;
}

static int check_operands(const cli_args *args)
{
    bool piped = false; /* true: standard input is among the operands so far */
    for (size_t i = 0; i < args->operand_count; i++) {
        bool stream = strcmp(args->operands[i], "-") == 0;
        if (stream && piped)
            return usage_error(args->command, "standard input (-) can be given only once");
        int code = input_check(args->command, args->operands[i]);
        if (code != EXIT_DONE)
            return code;
        piped = piped || stream;
    }
    return EXIT_DONE;
}

static int enter_sandbox(const cli_args *args, const cli_settings *settings)
{
    sandbox box;
    sandbox_begin(&box, args, settings);
    for (size_t i = 0; i < args->operand_count; i++)
        sandbox_read(&box, args->operands[i]);
    return sandbox_enter(&box);
}

static int run_info(const cli_args *args, cli_settings *settings)
{
    int worst = check_operands(args);
    if (worst == EXIT_DONE)
        worst = enter_sandbox(args, settings);
    if (worst != EXIT_DONE)
        return worst;
    json j = {.out = stdout};
    bool several = settings->json && args->operand_count > 1;
    if (several)
        json_open(&j, NULL, '[');
    for (size_t i = 0; i < args->operand_count && worst < EXIT_SIGNAL; i++) {
        int code = show_file(&j, args, settings, i);
        worst = code > worst ? code : worst;
    }
    if (several)
        json_close(&j, ']');
    return worst;
}

const cli_command info_command = {
    .name = "info",
    .summary = "Show a file's format, size, colour, orientation and georeferencing",
    .about = "Print the properties of each FILE, its pages if there are several, and its "
             "georeferencing: "
             "cell size, coordinates of the corners, units and the nodata value. Only the header "
             "is read, so damage to the pixels is "
             "not detected.",
    .operands = (const char *const[]){"FILE...", NULL},
    .least = 1,
    .groups = (const cli_group *const[]){&info_group, &picture_group, &input_group, &limit_group,
                                         &other_group, NULL},
    .examples = (const char *const[]){"Show the properties of an image", "edgegrad info photo.jpg",
                                      "Print JSON for a script", "edgegrad info --json *.png",
                                      "Read from a pipe", "edgegrad info - <photo.jpg", NULL},
    .settings_size = sizeof(cli_settings),
    .run = run_info,
};
