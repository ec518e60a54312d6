/* SPDX-License-Identifier: MIT */
/* Plots of functions: checks their options and writes their files. */
#include "cli/support/plot_file.h"

#include <string.h>

/* Returns the format of a plot by the extension of its path, or NULL. */
static const char *plot_format(const char *path)
{
    static const char *const formats[] = {"png", "svg", "pdf"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (strcasecmp(dot + 1, formats[i]) == 0)
            return formats[i];
    return NULL;
}

bool plot_file_recognizes(const char *path)
{
    return plot_format(path) != NULL;
}

bool plot_file_range(const cli_args *args, const char *text, double x[2], double y[2])
{
    double numbers[4];
    const size_t count = read_number_list(text, numbers, 4);
    if (count == 2 || count == 4)
        memcpy(x, numbers, sizeof(double[2]));
    if (count == 4)
        memcpy(y, numbers + 2, sizeof(double[2]));
    if ((count == 2 || (count == 4 && y[0] < y[1])) && x[0] < x[1])
        return true;
    usage_error(args->command, "--range: '%.200s' is not x0,x1,y0,y1 with x0 < x1 and y0 < y1",
                text);
    return false;
}

double plot_file_interpolate(const double range[2], size_t i, size_t count)
{
    return range[0] + (range[1] - range[0]) * (double)i / (double)(count - 1);
}

eg_status plot_file_write(eg_context *ctx, eg_plot *plot, const char *path, eg_outputs *set,
                          eg_error *error)
{
    const void *bytes;
    size_t size;
    eg_file *file = NULL;
    eg_status status = eg_plot_render(plot, plot_format(path), &bytes, &size, error);
    if (status == EG_OK)
        status = eg_file_create(&file, ctx, path, error);
    if (status == EG_OK && set)
        status = eg_file_join(file, set, error);
    if (status == EG_OK)
        status = eg_file_write(file, bytes, size, error);
    if (status == EG_OK)
        status = eg_file_commit(file, error);
    eg_file_close(file);
    return status;
}

int plot_file_check(const cli_args *args, const plot_file_options *o)
{
    double x[2], y[2];
    if (!o->path && (o->range || o->axes || o->equal))
        return usage_error(args->command, "--%s has no effect without --plot",
                           o->range  ? "range"
                           : o->axes ? "axes"
                                     : "equal");
    if (o->path && !plot_format(o->path))
        return usage_error(args->command,
                           "--%s: '%.200s' has no known extension: use .png, .svg or .pdf",
                           o->option ? o->option : "plot", o->path);
    if (o->range && !plot_file_range(args, o->range, x, y))
        return EXIT_USAGE;
    return EXIT_DONE;
}
