/* SPDX-License-Identifier: MIT */
/* The drawing process: a copy of the program that only measures texts and draws. */
#include "plot/process/painter_child.h"

#ifdef EG_HAVE_CAIRO

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/context.h"
#include "plot/cairo_library.h"
#include "plot/process/plot_message.h"

enum { SOCKET = 3, IDLE_MILLISECONDS = 10000, LARGEST_DESCRIPTOR = 65536 };

/* Closes all descriptors but the socket, which becomes SOCKET, so that no file or pipe of the
 * program is held open. Fontconfig prints to standard error. */
static void close_files(int socket)
{
    int moved = fcntl(socket, F_DUPFD, SOCKET), null = open("/dev/null", O_RDWR);
    if (null < 0) /* a sandbox may not have it */
        null = memfd_create("null", 0);
    if (moved < 0 || null < 0)
        _exit(EG_PAINTER_FILES);
    for (int fd = 0; fd < SOCKET; fd++)
        if (dup2(null, fd) < 0)
            _exit(EG_PAINTER_FILES);
    if (dup2(moved, SOCKET) < 0)
        _exit(EG_PAINTER_FILES);
#ifdef SYS_close_range
    if (syscall(SYS_close_range, SOCKET + 1, ~0U, 0) == 0)
        return;
#endif
    for (int fd = SOCKET + 1; fd < LARGEST_DESCRIPTOR; fd++)
        close(fd);
}

static bool send_all(eg_link *link, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t sent = send(link->fd, (const char *)bytes + done, size - done, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        done += (size_t)sent;
    }
    return true;
}

static bool receive_all(eg_link *link, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = recv(link->fd, (char *)bytes + done, size - done, 0);
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* Loads cairo, here, because its libraries allocate when they are loaded, and redirects them. */
static bool load_cairo(eg_error *error)
{
    static eg_import imports[EG_IMPORTS];
    static bool loaded;
    if (loaded)
        return true;
    if (eg_cairo_load(error) != EG_OK)
        return false;
    eg_imports_redirect(imports, eg_imports_find(imports));
    loaded = true;
    return true;
}

/* Measures with the options that follow. Returns false if the connection is lost. */
static bool lay_out(eg_link *link, eg_reply *reply)
{
    eg_plot_options options;
    if (!link->receive(link, &options, sizeof options))
        return false;
    if (load_cairo(&reply->error))
        eg_lay_out_measured(&reply->frame, &options, &reply->error);
    return link->send(link, reply, sizeof *reply);
}

/* Draws the plot that follows. Returns false if the connection is lost. */
static bool draw(eg_link *link, eg_context *ctx, const char *format, eg_reply *reply)
{
    eg_plot *plot = eg_plot_receive(link, ctx);
    if (!plot)
        return false;
    if (load_cairo(&reply->error) && eg_plot_render_here(plot, format, &reply->error) == EG_OK)
        reply->size = plot->file.size;
    bool sent = link->send(link, reply, sizeof *reply) &&
                (reply->size == 0 || link->send(link, plot->file.bytes, reply->size));
    eg_plot_destroy(plot);
    return sent;
}

static bool answer(eg_link *link, eg_context *ctx)
{
    struct pollfd wait = {.fd = link->fd, .events = POLLIN};
    eg_request request;
    eg_reply reply;
    memset(&reply, 0, sizeof reply);
    if (poll(&wait, 1, IDLE_MILLISECONDS) != 1 || !link->receive(link, &request, sizeof request))
        return false;
    return request.task == EG_TASK_LAY_OUT ? lay_out(link, &reply)
                                           : draw(link, ctx, request.format, &reply);
}

void eg_painter_run(int socket, const eg_import imports[], size_t count)
{
    eg_link link = {.send = send_all, .receive = receive_all, .fd = SOCKET};
    const struct rlimit no_core = {0, 0};
    eg_config config;
    eg_context *ctx;
    eg_error error;
    eg_imports_redirect(imports, count);
    close_files(socket);
    setrlimit(RLIMIT_CORE, &no_core);
    eg_config_default(&config);
    config.max_memory = SIZE_MAX;
    config.threads = 1;
    if (eg_context_new(&ctx, &config, &error) != EG_OK)
        _exit(EG_PAINTER_MEMORY);
    while (answer(&link, ctx))
        ;
    _exit(0);
}

#endif
