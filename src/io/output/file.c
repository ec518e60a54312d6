/* SPDX-License-Identifier: MIT */
/* eg_file: output files for the caller's own bytes. */
#include "io/io.h"

struct eg_file {
    eg_output *output;
};

eg_status eg_file_create(eg_file **file, eg_context *ctx, const char *path, eg_error *error)
{
    *file = NULL;
    eg_file *made = eg_calloc(ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    eg_status status = eg_output_open(&made->output, ctx, path, error);
    if (status == EG_OK)
        *file = made;
    else
        eg_free(made);
    return status;
}

eg_status eg_file_write(eg_file *file, const void *bytes, size_t size, eg_error *error)
{
    return eg_output_write(file->output, bytes, size, error);
}

eg_status eg_file_join(eg_file *file, eg_outputs *set, eg_error *error)
{
    return eg_output_join(file->output, set, error);
}

eg_status eg_file_commit(eg_file *file, eg_error *error)
{
    return eg_output_commit(file->output, error);
}

void eg_file_close(eg_file *file)
{
    if (!file)
        return;
    eg_output_close(file->output);
    eg_free(file);
}
