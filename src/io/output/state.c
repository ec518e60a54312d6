/* SPDX-License-Identifier: MIT */
/* Properties of an output, its messages, and its release. */
#include <stdarg.h>
#include <unistd.h>

#include "io/output/output.h"

bool eg_output_is_file(const eg_output *output)
{
    return !output->direct;
}

bool eg_output_replaces(const eg_output *output)
{
    return output->replaces;
}

void eg_output_free(eg_output *chain)
{
    while (chain) {
        eg_output *next = chain->next;
        if (chain->fd >= 0)
            close(chain->fd);
        if (chain->stream >= 0)
            close(chain->stream);
        if (chain->old_fd >= 0)
            close(chain->old_fd);
        if (chain->named)
            unlink(chain->temporary);
        eg_free(chain->buffer);
        eg_free(chain->name);
        eg_free(chain);
        chain = next;
    }
}

eg_context *eg_output_context(const eg_output *output)
{
    return output->ctx;
}

const char *eg_output_name(const eg_output *output)
{
    return output->name;
}

eg_status eg_output_fail(const eg_output *output, eg_error *error, eg_status status,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    eg_vfail(error, status, output->name, format, args);
    va_end(args);
    return status;
}
