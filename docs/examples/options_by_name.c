/* SPDX-License-Identifier: MIT */
/* Finds edges with options that the user names; shows progress, and stops at Ctrl+C.
 *
 *     options_by_name PHOTO EDGES [NAME=VALUE ...]
 *
 * The program knows no option: one that comes with a later version of the library works without
 * compiling it again. Without a photo it prints all options. */
#include <edgegrad.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t cancelled;

static void on_signal(int number)
{
    (void)number;
    cancelled = 1;
}

static void show_progress(void *opaque, size_t done, size_t total)
{
    (void)opaque;
    fprintf(stderr, "\r%lu of %lu rows", (unsigned long)done, (unsigned long)total);
}

static void print_options(void)
{
    for (size_t i = 0; eg_option_name("edges", i); i++)
        printf("%-14s %s\n", eg_option_name("edges", i), eg_option_help("edges", i));
}

/* Sets the options that the words NAME=VALUE give. */
static eg_status set_options(eg_options *options, int count, char **words, eg_error *error)
{
    eg_status status = EG_OK;
    for (int i = 0; i < count && status == EG_OK; i++) {
        char *equals = strchr(words[i], '=');
        if (equals)
            *equals = '\0';
        status = eg_options_set(options, words[i], equals ? equals + 1 : "", error);
    }
    return status;
}

int main(int argc, char **argv)
{
    eg_error error = {EG_OK, ""};
    eg_context *ctx = NULL;
    eg_source *source = NULL;
    eg_sink *sink = NULL;
    eg_options *options = NULL;
    eg_config config;
    if (argc < 3)
        return print_options(), 0;
    signal(SIGINT, on_signal);
    eg_config_default(&config);
    config.cancel = &cancelled;
    config.progress = show_progress;
    if (eg_context_new(&ctx, &config, &error) == EG_OK &&
        eg_options_new(&options, ctx, "edges", &error) == EG_OK &&
        set_options(options, argc - 3, argv + 3, &error) == EG_OK &&
        eg_source_open(&source, ctx, argv[1], NULL, &error) == EG_OK &&
        eg_sink_open(&sink, ctx, argv[2], NULL, &error) == EG_OK)
        eg_edges(source, sink, (const eg_edges_options *)eg_options_data(options, "edges"), NULL,
                 &error);
    fprintf(stderr, "\n");
    if (error.status != EG_OK)
        fprintf(stderr, "%s\n", error.message);
    eg_sink_close(sink);
    eg_source_close(source);
    eg_options_free(options);
    eg_context_free(ctx);
    return error.status;
}
