/* SPDX-License-Identifier: MIT */
/* libtiff on a spool. What it has to say is kept with the handle: nothing is printed. */
#include <stdio.h>
#include <string.h>

#include "io/tiff/tiff_read.h"

/* ---- what libtiff calls ---------------------------------------------------------------------- */

static tmsize_t on_read(thandle_t handle, void *bytes, tmsize_t size)
{
    eg_tiff_client *client = handle;
    size_t got;
    if (size < 0 || (uint64_t)size > client->budget) {
        client->budget = 0;
        return -1;
    }
    if (eg_random_access_read(client->spool, client->at, bytes, (size_t)size, &got,
                              &client->failure) != EG_OK)
        return -1;
    client->budget -= got;
    client->at += got;
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
                    : whence == SEEK_CUR ? client->at
                                         : eg_random_access_size(client->spool);
    client->at = from + offset;
    return client->at;
}

static int on_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t on_size(thandle_t handle)
{
    return eg_random_access_size(((const eg_tiff_client *)handle)->spool);
}

/* The first complaint is the cause of the others. */
static int on_error(TIFF *tiff, void *user, const char *module, const char *format, va_list args)
{
    eg_tiff_client *client = user;
    (void)tiff, (void)module;
    if (client->message[0] == '\0')
        vsnprintf(client->message, sizeof client->message, format, args);
    return 1; /* seen to: no other handler is called */
}

static int on_warning(TIFF *tiff, void *user, const char *module, const char *format, va_list args)
{
    (void)tiff, (void)user, (void)module, (void)format, (void)args;
    return 1;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Tables of blocks are read when they are needed, and only where: "D" and "O". The file is not
 * mapped, as it may shrink; strips stay as they are: "c". */
static TIFF *open_handle(eg_tiff_client *client)
{
    size_t most = client->input->ctx->config.max_memory;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, most < PTRDIFF_MAX ? (tmsize_t)most : 0);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, client);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, client);
    TIFF *tiff = TIFFClientOpenExt("", "rmDOc", client, on_read, on_write, on_seek, on_close,
                                   on_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

/* Tags whose values lie behind the end of the file are passed over by libtiff. */
static eg_status check_directory(const eg_tiff_client *client, eg_error *error)
{
    if (client->budget == 0)
        return eg_input_fail(client->input, error, EG_LIMIT_EXCEEDED,
                             "its directory needs more than %zu bytes, which --max-chunk allows",
                             client->input->ctx->config.max_chunk);
    if (!client->tiff || (client->past_end && !client->tolerate))
        return eg_tiff_client_fail(client, error, "its directory");
    return EG_OK;
}

eg_status eg_tiff_client_open(eg_tiff_client *client, eg_input *input,
                              const eg_random_access *spool, bool tolerate, eg_error *error)
{
    *client = (eg_tiff_client){.input = input, .spool = spool, .tolerate = tolerate};
    client->budget = input->ctx->config.max_chunk;
    client->tiff = open_handle(client);
    eg_status status = check_directory(client, error);
    if (status != EG_OK)
        eg_tiff_client_close(client);
    client->budget = UINT64_MAX;
    return status;
}

void eg_tiff_client_close(eg_tiff_client *client)
{
    if (client->tiff)
        TIFFClose(client->tiff);
    client->tiff = NULL;
}

/* ---- what went wrong ------------------------------------------------------------------------- */

void eg_tiff_client_reset(eg_tiff_client *client)
{
    client->past_end = false;
    client->message[0] = '\0';
    client->budget = UINT64_MAX;
}

eg_status eg_tiff_client_fail(const eg_tiff_client *client, eg_error *error, const char *what)
{
    if (client->failure.status != EG_OK)
        return eg_fail(error, client->failure.status, "%s", client->failure.message);
    if (client->past_end)
        return eg_input_fail(client->input, error, EG_BAD_INPUT,
                             "is truncated: %s is not all there", what);
    /* libtiff puts the name it was given, which is none, in front of some */
    const char *words = client->message + strspn(client->message, ": ");
    return eg_input_fail(client->input, error, EG_BAD_INPUT, "%s is damaged%s%s", what,
                         *words ? ": " : "", words);
}
