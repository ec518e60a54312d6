/* SPDX-License-Identifier: MIT */
/* libtiff over random access to the input, for codecs that are not native. Its messages are stored
 * in the client, not printed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io/tiff/tiff_read.h"

/* ---- callbacks ------------------------------------------------------------------------------- */

static tmsize_t on_read(thandle_t handle, void *bytes, tmsize_t size)
{
    eg_tiff_client *client = handle;
    size_t got;
    if (size < 0 || (uint64_t)size > client->read_budget) {
        client->read_budget = 0;
        return -1;
    }
    if (eg_random_access_read(client->access, client->position, bytes, (size_t)size, &got,
                              &client->read_error) != EG_OK)
        return -1;
    client->read_budget -= got;
    client->position += got;
    client->past_end |= got < (size_t)size;
    return (tmsize_t)got;
}

static tmsize_t on_write(thandle_t handle, void *bytes, tmsize_t size)
{
    (void)handle, (void)bytes, (void)size;
    return -1;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence)
{
    eg_tiff_client *client = handle;
    uint64_t from = whence == SEEK_SET   ? 0
                    : whence == SEEK_CUR ? client->position
                                         : eg_random_access_size(client->access);
    client->position = from + offset;
    return client->position;
}

static int on_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t on_size(thandle_t handle)
{
    return eg_random_access_size(((const eg_tiff_client *)handle)->access);
}

/* Stores the first error message, because it is the cause of the later ones. */
static int on_error(TIFF *tiff, void *user, const char *module, const char *format, va_list args)
{
    eg_tiff_client *client = user;
    (void)tiff, (void)module;
    if (client->message[0] == '\0')
        vsnprintf(client->message, sizeof client->message, format, args);
    return 1; /* handled: libtiff calls no other handler */
}

static int on_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list args)
{
    (void)tiff, (void)user, (void)module, (void)format, (void)args;
    return 1;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Opens the libtiff handle and reads the directory at that offset; NULL on failure. Mode flags:
 * "m": no memory mapping, because the file may shrink; "D", "O": block tables are read on demand,
 * only the entries needed; "c": strips are not split; "h": the first directory is not read. */
static TIFF *open_handle(eg_tiff_client *client, uint64_t directory)
{
    size_t max_memory = client->input->ctx->config.max_memory;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options,
                                        max_memory < PTRDIFF_MAX ? (tmsize_t)max_memory : 0);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, client);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, client);
    TIFF *tiff = TIFFClientOpenExt("", "rmDOch", client, on_read, on_write, on_seek, on_close,
                                   on_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    if (tiff && !TIFFSetSubDirectory(tiff, directory)) {
        TIFFClose(tiff);
        return NULL;
    }
    return tiff;
}

/* Fails if the directory could not be read as a whole. */
static eg_status check_directory(const eg_tiff_client *client, eg_error *error)
{
    if (client->read_budget == 0)
        return eg_input_fail(
            client->input, error, EG_LIMIT_EXCEEDED,
            "the TIFF directory needs more than the %zu bytes allowed by --max-chunk",
            client->input->ctx->config.max_chunk);
    if (!client->tiff || eg_tiff_client_lacks_memory() || (client->past_end && !client->tolerate))
        return eg_tiff_client_fail(client, error, "the TIFF directory");
    return EG_OK;
}

/* Arguments and result of open_handle(). */
typedef struct opening {
    eg_tiff_client *client;
    uint64_t directory;
    int failure; /* errno */
} opening;

static void open_step(void *opaque)
{
    opening *o = opaque;
    errno = 0;
    o->client->tiff = open_handle(o->client, o->directory);
    o->failure = errno;
}

/* Opens the handle. Out of memory libtiff loses its table of tags and goes on with it. */
static eg_status open_safely(eg_tiff_client *client, uint64_t directory, eg_error *error)
{
    opening o = {client, directory, 0};
    if (!eg_tiff_client_call(client, open_step, &o)) {
        client->tiff = NULL;
        return eg_input_fail(client->input, error, EG_NO_MEMORY, "out of memory in libtiff");
    }
    client->healthy = o.failure != ENOMEM;
    errno = o.failure;
    return check_directory(client, error);
}

eg_status eg_tiff_client_open(eg_tiff_client *client, eg_input *input,
                              const eg_random_access *access, uint64_t directory, bool tolerate,
                              eg_error *error)
{
    *client = (eg_tiff_client){.input = input, .access = access, .tolerate = tolerate};
    client->stack = eg_alloc(input->ctx, EG_CHILD_STACK, 1, error);
    if (!client->stack)
        return eg_failed(error);
    client->read_budget = input->ctx->config.max_chunk;
    eg_status status = open_safely(client, directory, error);
    if (status != EG_OK)
        eg_tiff_client_close(client);
    client->read_budget = UINT64_MAX;
    return status;
}

bool eg_tiff_client_call(eg_tiff_client *client, void (*step)(void *opaque), void *opaque)
{
    client->crashed = !eg_shared_child_call(step, opaque, client->stack, EG_CHILD_STACK);
    return !client->crashed;
}

static void close_step(void *opaque)
{
    TIFFClose(opaque);
}

void eg_tiff_client_close(eg_tiff_client *client)
{
    if (client->tiff && client->healthy)
        TIFFClose(client->tiff);
    else if (client->tiff && !client->crashed)
        eg_tiff_client_call(client, close_step, client->tiff);
    client->tiff = NULL;
    eg_free(client->stack);
    client->stack = NULL;
}

/* ---- errors ---------------------------------------------------------------------------------- */

void eg_tiff_client_reset(eg_tiff_client *client)
{
    client->past_end = false;
    errno = 0;
    client->message[0] = '\0';
    client->read_budget = UINT64_MAX;
}

bool eg_tiff_client_lacks_memory(void)
{
    return errno == ENOMEM;
}

eg_status eg_tiff_client_fail(const eg_tiff_client *client, eg_error *error, const char *what)
{
    if (eg_tiff_client_lacks_memory())
        return eg_input_fail(client->input, error, EG_NO_MEMORY, "out of memory in libtiff");
    if (client->read_error.status != EG_OK)
        return eg_fail(error, client->read_error.status, "%s", client->read_error.message);
    if (client->past_end)
        return eg_input_fail(client->input, error, EG_BAD_INPUT, "truncated: %s is incomplete",
                             what);
    /* Some messages begin with the file's name and a colon; the name given to libtiff is empty */
    const char *detail = client->message + strspn(client->message, ": ");
    return eg_input_fail(client->input, error, EG_BAD_INPUT, "%s is damaged%s%s", what,
                         *detail ? ": " : "", detail);
}
