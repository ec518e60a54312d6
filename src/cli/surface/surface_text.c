/* SPDX-License-Identifier: MIT */
/* Outputs for other programs: code (--c, --python) and formulas (--latex), on standard output or in
 * the file of --output. */
#include <stdlib.h>
#include <string.h>

#include "cli/support/file_check.h"
#include "cli/support/format.h"
#include "cli/surface/surface.h"

const cli_option surface_text_options[] = {
    {.name = "latex",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, latex),
     .help = "Print LaTeX of the function, its partial derivatives and its gradient, with --at "
             "their values, with --with the chain rule path by path; with --steps each step. Needs "
             "the package amsmath"},
    {.name = "python",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, python),
     .help = "Print a Python module with the function and its gradient for NumPy, by straight-line "
             "code (reverse mode)"},
    {.name = "c",
     .type = OPTION_FLAG,
     .offset = offsetof(surface_settings, c),
     .help = "Print a C function that computes the value and the gradient by straight-line code "
             "(reverse mode); it needs <math.h> only and compiles as C99 and C++"},
    {.name = "function",
     .type = OPTION_TEXT,
     .offset = offsetof(surface_settings, function),
     .metavar = "NAME",
     .help = "Name of the function of --c or --python",
     .absent = "f"},
    {.name = NULL},
};

const char *surface_text_option(const surface_settings *options)
{
    return options->c ? "c" : options->python ? "python" : options->latex ? "latex" : NULL;
}

/* Returns the name of an option that has no effect with one of these outputs; NULL: none. */
static const char *unused_option(const surface_settings *options)
{
    const bool code = options->c || options->python;
    const struct {
        const char *name;
        bool given;
    } unused[] = {
        {"at", code && options->at},
        {"steps", code && options->steps},
        {"along", options->along && (code || !options->steps)},
        {"level", options->level},
        {"to", options->to},
        {"error", options->errors},
        {"implicit", options->implicit},
        {"lagrange", options->lagrange.count},
        {"flux", options->flux},
        {"check", options->check},
        {"json", options->common.json},
        {"grid", options->grid},
        {"table", options->table},
        {"field", options->field},
        {"plot", options->plot},
        {"view", options->view},
    };
    for (size_t i = 0; i < sizeof unused / sizeof *unused; i++)
        if (unused[i].given)
            return unused[i].name;
    return NULL;
}

int surface_check_text_options(const cli_args *args, const surface_settings *options)
{
    const char *text = surface_text_option(options);
    if (options->field && (options->steps || options->table))
        return usage_error(args->command, "--%s has no effect with --field",
                           options->steps ? "steps" : "table");
    if (options->function && !options->c && !options->python)
        return usage_error(args->command, "--function has no effect without --c or --python");
    if (!text)
        return EXIT_DONE;
    if (options->c + options->python + options->latex > 1)
        return usage_error(args->command, "--%s and --%s cannot be used together", text,
                           options->c && options->python ? "python" : "latex");
    const char *unused = unused_option(options);
    if (unused)
        return usage_error(args->command, "--%s has no effect with --%s", unused, text);
    return EXIT_DONE;
}

int surface_write_text(const surface_job *job, const char *text, size_t size)
{
    const char *path = job->options->output;
    eg_file *file = NULL;
    eg_error error = {0};
    if (eg_reals_status(job->exact.reals, &error) != EG_OK)
        return report_error(job->settings, &error);
    if (!path || strcmp(path, "-") == 0) {
        fwrite(text, 1, size, stdout);
        return EXIT_DONE;
    }
    int code = file_check_replaceable(job->settings, path);
    if (code != EXIT_DONE)
        return code;
    if (eg_file_create(&file, job->ctx, path, &error) == EG_OK &&
        eg_file_write(file, text, size, &error) == EG_OK)
        eg_file_commit(file, &error);
    eg_file_close(file);
    return surface_status(job, &error);
}

static eg_status receive(void *opaque, const char *text, size_t size, eg_error *error)
{
    (void)error;
    fwrite(text, 1, size, opaque);
    return EG_OK;
}

static int print_code(const surface_job *job, FILE *out)
{
    eg_error error = {0};
    eg_expr_write_code(job->f, job->options->c ? EG_LANGUAGE_C : EG_LANGUAGE_PYTHON,
                       job->options->function, receive, out, &error);
    return surface_status(job, &error);
}

int surface_report_text(surface_job *job)
{
    char *text = NULL;
    FILE *out = format_stream(&text);
    int code = job->options->latex ? surface_print_latex(job, out) : print_code(job, out);
    if (code != EXIT_DONE) {
        format_discard(out, &text);
        return code;
    }
    format_close(out, &text);
    code = surface_write_text(job, text, strlen(text));
    free(text);
    return code;
}
