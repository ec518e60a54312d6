/* SPDX-License-Identifier: MIT */
/*
 * Draws in a process of its own, because cairo and fontconfig crash, wait for themselves or leave
 * out texts where there is no memory (private_memory.h). Such an end is an error here.
 *
 * The process is a copy of this one. It starts with the first text to be measured, and ends with
 * the last plot or after ten seconds without a request, because fontconfig takes as long to start
 * as a small plot to draw. It is made by clone() without an exit signal: the program gets no
 * SIGCHLD, and its wait() does not see the process. Other threads of the program are not in the
 * copy, and locks they hold stay locked there: that of malloc() does not matter, as the copy has an
 * allocator of its own; if another one does, the process stands still, which is found and is an
 * error, too.
 *
 * Where the system refuses processes, as a sandbox may, cairo draws in this one.
 */
#include "plot/plot.h"

#ifdef EG_HAVE_CAIRO

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/context.h"
#include "core/status.h"
#include "plot/cairo_library.h"
#include "plot/process/painter_child.h"
#include "plot/process/plot_message.h"

enum { POLL_MILLISECONDS = 2000, IDLE_POLLS = 15 };

/* The process; the lock is held during a request. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    pid_t child;   /* 0: none */
    pid_t program; /* that started it: a copy of the program made by fork() has none */
    int socket;
    bool proven; /* it has answered a request: cairo is loaded */
    size_t plots;
} painter;

/* The present request. */
typedef struct session {
    const eg_context *ctx;
    bool cancelled, stuck;
} session;

/* ---- the connection ---- */

/* Returns the processor time of the process in nanoseconds; -1 if it is unknown. */
static long long processor_time(void)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(painter.child, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return -1;
    return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Waits until the process can be talked to. Returns false if the request is cancelled, or the
 * process has used no processor time for half a minute. */
static bool wait_for(eg_link *link, short events)
{
    session *s = link->opaque;
    struct pollfd wait = {.fd = link->fd, .events = events};
    long long before = -1;
    for (int idle = 0; idle < IDLE_POLLS;) {
        int ready = poll(&wait, 1, POLL_MILLISECONDS);
        s->cancelled = eg_cancelled(s->ctx);
        if (s->cancelled || ready > 0)
            return !s->cancelled;
        long long now = processor_time();
        idle = ready < 0 || now != before ? 0 : idle + 1;
        before = now;
    }
    s->stuck = true;
    return false;
}

static bool send_all(eg_link *link, const void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t sent =
            send(link->fd, (const char *)bytes + done, size - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            done += (size_t)sent;
        else if ((errno != EAGAIN && errno != EINTR) || !wait_for(link, POLLOUT))
            return false;
    }
    return true;
}

static bool receive_all(eg_link *link, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = recv(link->fd, (char *)bytes + done, size - done, MSG_DONTWAIT);
        if (got > 0)
            done += (size_t)got;
        else if (got == 0 || (errno != EAGAIN && errno != EINTR) || !wait_for(link, POLLIN))
            return false;
    }
    return true;
}

/* ---- the process ---- */

/* Ends the process. Returns what wait() tells of it; 0 if it tells nothing. */
static int stop(void)
{
    int status = 0;
    if (painter.child == 0)
        return 0;
    close(painter.socket);
    if (painter.program == getpid()) {
        kill(painter.child, SIGKILL);
        while (waitpid(painter.child, &status, __WALL) < 0 && errno == EINTR)
            ;
    }
    painter.child = 0;
    return status;
}

/* Copies this process. The copy draws. Returns its number, or -1 and errno. */
static pid_t copy_process(const int sockets[2], const eg_import imports[], size_t count)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of the program runs in the copy */
    pid_t child = (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0);
    if (child == 0)
        eg_painter_run(sockets[1], imports, count);
    int why = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = why;
    return child;
}

/* Starts the process. Sets *here, on success, if cairo must draw in this one. */
static eg_status start(eg_context *ctx, bool *here, eg_error *error)
{
    int sockets[2];
    eg_import *imports = eg_alloc(ctx, EG_IMPORTS, sizeof *imports, error);
    if (!imports)
        return eg_failed(error);
    size_t count = eg_imports_find(imports);
    if (count == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        bool files = count && (errno == EMFILE || errno == ENFILE);
        bool memory = count && (errno == ENOMEM || errno == ENOBUFS);
        eg_free(imports);
        *here = !files && !memory;
        return *here ? EG_OK
                     : eg_fail(error, files ? EG_FILE : EG_NO_MEMORY,
                               "cannot start the process that draws the plot: %s", strerror(errno));
    }
    painter.child = copy_process(sockets, imports, count);
    int why = errno;
    eg_free(imports);
    close(sockets[1]);
    painter.socket = sockets[0];
    painter.program = getpid();
    painter.proven = false;
    if (painter.child > 0)
        return EG_OK;
    painter.child = 0;
    close(sockets[0]);
    *here = why != ENOMEM;
    return *here ? EG_OK
                 : eg_fail(error, EG_NO_MEMORY,
                           "not enough memory to start the process that draws "
                           "the plot");
}

/* Reports how the process ended. */
static eg_status explain(const session *s, int status, eg_error *error)
{
    if (s->cancelled)
        return eg_fail(error, EG_CANCELLED, "cancelled");
    if (s->stuck)
        return eg_fail(error, EG_UNSUPPORTED, "the process that draws the plot stood still");
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == EG_PAINTER_FILES)
        return eg_fail(error, EG_FILE, "too many open files to draw the plot");
    if (code == EG_PAINTER_READ)
        return eg_fail(error, EG_FILE, "cannot read the fonts of the plot");
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && painter.proven)
        return eg_fail(error, EG_UNSUPPORTED, "the process that draws the plot ended by signal %d",
                       WTERMSIG(status));
    return eg_fail(error, EG_NO_MEMORY, "not enough memory to draw the plot");
}

/* ---- requests ---- */

/* Sends a request and receives the reply. Returns false if the process ended. */
static bool exchange(eg_link *link, const eg_request *request, const eg_plot_options *options,
                     const eg_plot *plot, eg_reply *reply)
{
    bool sent = eg_link_put(link, request, sizeof *request) &&
                (plot ? eg_plot_send(link, plot)
                      : eg_link_put(link, options, sizeof *options) && eg_link_flush(link));
    return sent && link->receive(link, reply, sizeof *reply);
}

/* Receives the file of a drawn plot into plot->file. */
static eg_status receive_file(eg_link *link, eg_plot *plot, size_t size, eg_error *error)
{
    eg_free(plot->file.bytes);
    plot->file = (eg_buffer){0};
    plot->file.bytes = eg_alloc(plot->ctx, size, 1, error);
    if (!plot->file.bytes)
        return eg_failed(error);
    plot->file.capacity = size;
    if (link->receive(link, plot->file.bytes, size))
        plot->file.size = size;
    return EG_OK;
}

/* Ends a process of an earlier request that is gone, because it was idle. */
static void check_alive(void)
{
    char byte;
    if (painter.child && (painter.program != getpid() ||
                          recv(painter.socket, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0))
        stop();
}

/* Performs a request for a plot, or for a frame with these options. */
static eg_status perform(eg_context *ctx, const eg_request *request, const eg_plot_options *options,
                         eg_plot *plot, eg_frame *frame, bool *here, eg_error *error)
{
    char pending[EG_LINK_PENDING];
    session s = {.ctx = ctx};
    eg_reply reply;
    check_alive();
    eg_status status = painter.child ? EG_OK : start(ctx, here, error);
    if (status != EG_OK || *here)
        return status;
    eg_link link = {send_all, receive_all, painter.socket, &s, pending, 0};
    bool done = exchange(&link, request, options, plot, &reply);
    painter.proven |= done;
    if (done && reply.error.status != EG_OK)
        return eg_fail(error, reply.error.status, "%s", reply.error.message);
    if (done && plot) {
        status = receive_file(&link, plot, reply.size, error);
        done = plot->file.size == reply.size;
    }
    if (frame)
        *frame = reply.frame;
    if (!done || status != EG_OK) {
        int ended = stop();
        return status == EG_OK ? explain(&s, ended, error) : status;
    }
    return EG_OK;
}

eg_status eg_painter_lay_out(eg_context *ctx, eg_frame *frame, const eg_plot_options *options,
                             eg_error *error)
{
    bool here = false;
    const eg_request request = {.task = EG_TASK_LAY_OUT};
    pthread_mutex_lock(&lock);
    eg_status status = perform(ctx, &request, options, NULL, frame, &here, error);
    pthread_mutex_unlock(&lock);
    if (status == EG_OK && here)
        status = eg_cairo_load(error);
    return status == EG_OK && here ? eg_lay_out_measured(frame, options, error) : status;
}

eg_status eg_painter_draw(eg_plot *plot, const char *format, eg_error *error)
{
    bool here = false;
    eg_request request = {.task = EG_TASK_DRAW};
    memcpy(request.format, format, strnlen(format, sizeof request.format - 1));
    pthread_mutex_lock(&lock);
    eg_status status = perform(plot->ctx, &request, NULL, plot, NULL, &here, error);
    pthread_mutex_unlock(&lock);
    if (status == EG_OK && here)
        status = eg_cairo_load(error);
    return status == EG_OK && here ? eg_plot_render_here(plot, format, error) : status;
}

void eg_painter_keep(void)
{
    pthread_mutex_lock(&lock);
    painter.plots++;
    pthread_mutex_unlock(&lock);
}

void eg_painter_release(void)
{
    pthread_mutex_lock(&lock);
    if (--painter.plots == 0)
        stop();
    pthread_mutex_unlock(&lock);
}

#endif
