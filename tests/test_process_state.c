/* SPDX-License-Identifier: MIT */
/*
 * The library leaves the process as it found it: signals, locale, umask, the modes of the
 * floating-point unit, environment, working folder, descriptors, threads, and nothing printed.
 * The flags of floating-point exceptions are not among it: like any function that computes, the
 * library raises them.
 */
#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#define SMALL "testdata/small/"

extern char **environ;

/* ---- the state ------------------------------------------------------------------------------- */

enum { SIGNALS = 65, DESCRIPTORS = 64 };

typedef struct process_state {
    struct {
        void (*handler)(int);
        int flags;
        uint64_t blocked; /* a bit for each signal, as of a handler's mask and the thread's */
    } actions[SIGNALS];
    uint64_t blocked;
    char locale[256], folder[PATH_MAX];
    mode_t mode_mask;
    int rounding;
    unsigned vector_modes;
    uint64_t environment; /* hash of names and values */
    bool open[DESCRIPTORS];
    size_t threads;
    struct itimerval timer;
    struct rlimit limits[RLIM_NLIMITS];
    off_t printed; /* bytes on standard output and error */
} process_state;

/* Returns the number of threads of the process; 1 where the system does not tell. */
static size_t count_threads(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        return 1;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static uint64_t hash_environment(void)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (char **variable = environ; *variable; variable++)
        for (const char *c = *variable; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 1099511628211U;
    return hash;
}

/* Bits of MXCSR that are modes: denormals, exception masks, rounding. */
static unsigned vector_modes(void)
{
#ifdef __SSE2__
    return _mm_getcsr() & ~0x3fU;
#else
    return 0;
#endif
}

static off_t bytes_in(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 ? about.st_size : 0;
}

/* The bits of a set; its other bytes are undefined. */
static uint64_t bits_of(const sigset_t *set)
{
    uint64_t bits = 0;
    for (int i = 1; i < SIGNALS; i++)
        bits |= (uint64_t)(sigismember(set, i) == 1) << (i - 1);
    return bits;
}

static void take_state(process_state *s)
{
    sigset_t mask;
    memset(s, 0, sizeof *s);
    for (int i = 1; i < SIGNALS; i++) {
        struct sigaction action;
        if (sigaction(i, NULL, &action) != 0)
            continue;
        s->actions[i].handler = action.sa_handler;
        s->actions[i].flags = action.sa_flags;
        s->actions[i].blocked = bits_of(&action.sa_mask);
    }
    sigprocmask(SIG_BLOCK, NULL, &mask);
    s->blocked = bits_of(&mask);
    snprintf(s->locale, sizeof s->locale, "%s", setlocale(LC_ALL, NULL));
    assert_non_null(getcwd(s->folder, sizeof s->folder));
    s->mode_mask = umask(0);
    umask(s->mode_mask);
    s->rounding = fegetround();
    s->vector_modes = vector_modes();
    s->environment = hash_environment();
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        s->open[fd] = fcntl(fd, F_GETFD) != -1;
    s->threads = count_threads();
    getitimer(ITIMER_REAL, &s->timer);
    for (int i = 0; i < RLIM_NLIMITS; i++)
        getrlimit(i, &s->limits[i]);
    s->printed = bytes_in(STDOUT_FILENO) + bytes_in(STDERR_FILENO);
}

/* Returns the name of the first part that differs; NULL: none does. */
static const char *difference(const process_state *a, const process_state *b)
{
    const struct {
        const char *name;
        bool equal;
    } parts[] = {
        {"signal dispositions", memcmp(a->actions, b->actions, sizeof a->actions) == 0},
        {"signal mask", a->blocked == b->blocked},
        {"locale", strcmp(a->locale, b->locale) == 0},
        {"working folder", strcmp(a->folder, b->folder) == 0},
        {"umask", a->mode_mask == b->mode_mask},
        {"rounding mode", a->rounding == b->rounding},
        {"modes of MXCSR", a->vector_modes == b->vector_modes},
        {"environment", a->environment == b->environment},
        {"open descriptors", memcmp(a->open, b->open, sizeof a->open) == 0},
        {"threads", a->threads == b->threads || SANITIZED}, /* a sanitizer has its own */
        {"interval timer", memcmp(&a->timer, &b->timer, sizeof a->timer) == 0},
        {"resource limits", memcmp(a->limits, b->limits, sizeof a->limits) == 0},
        {"standard output and error", a->printed == b->printed},
    };
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!parts[i].equal)
            return parts[i].name;
    return NULL;
}

/* ---- calls ----------------------------------------------------------------------------------- */

typedef void call(eg_context *ctx);

/* Runs a call between two looks at the state, with standard output and error in files. */
static void leaves_state(const char *name, call *run)
{
    process_state before, after;
    const int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    const int file = open(scratch("printed"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    take_state(&before);
    eg_context *ctx = test_context(3, 8, NULL);
    run(ctx);
    close_context(ctx);
    fflush(NULL);
    take_state(&after);
    /* the kernel removes a thread shortly after pthread_join() has seen its end */
    for (int i = 0; i < 1000 && after.threads > before.threads; i++) {
        usleep(1000);
        after.threads = count_threads();
    }
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    close(file);
    const char *changed = difference(&before, &after);
    if (changed)
        fail_msg("%s changes: %s", name, changed);
}

/* Every reader, also of damaged files, whose errors leave by longjmp(). */
static void read_everything(eg_context *ctx)
{
    file_list list = list_files(SMALL, "");
    for (size_t i = 0; i < list.count; i++) {
        file_bytes bytes = read_bytes(list.paths[i]);
        for (size_t part = 1; part <= 4; part++) {
            eg_grid grid = {0};
            char path[32];
            int fd;
            const char *name = bytes_path(path, &fd, bytes.data, bytes.size * part / 4);
            if (eg_load(&grid, ctx, name, NULL, NULL) == EG_OK)
                eg_grid_free(&grid);
            close(fd);
        }
        free(bytes.data);
    }
    free_files(&list);
}

static void write_everything(eg_context *ctx)
{
    static const char *const names[] = {"o.png", "o.jpg", "o.tif", "o.pgm", "o.pfm", "o.asc"};
    eg_grid grid = {0};
    noise_grid(&grid, ctx, 50, 40, EG_F32, 1, 1);
    for (size_t i = 0; i < COUNT(names); i++) {
        eg_save(&grid, ctx, scratch(names[i]), NULL, NULL);
        eg_save(&grid, ctx, scratch("missing/folder"), NULL, NULL);
        unlink(scratch(names[i]));
    }
    eg_grid_free(&grid);
}

static void compute_rasters(eg_context *ctx)
{
    eg_source *source = NULL;
    eg_sink *sinks[2] = {NULL, NULL};
    eg_edges_options edges;
    eg_terrain_options terrain;
    eg_edges_default(&edges);
    eg_terrain_default(&terrain);
    assert_int_equal(eg_source_open(&source, ctx, SMALL "rgb.png", NULL, NULL), EG_OK);
    assert_int_equal(eg_sink_open(&sinks[0], ctx, scratch("o.png"), NULL, NULL), EG_OK);
    assert_int_equal(eg_edges(source, sinks[0], &edges, NULL, NULL), EG_OK);
    eg_sink_close(sinks[0]);
    eg_source_close(source);
    source = open_as_values(ctx, SMALL "grey.asc");
    assert_int_equal(eg_sink_open(&sinks[0], ctx, scratch("o.tif"), NULL, NULL), EG_OK);
    eg_terrain(source, sinks, &terrain, 1, NULL, NULL);
    eg_sink_close(sinks[0]);
    eg_source_close(source);
    unlink(scratch("o.png"));
    unlink(scratch("o.tif"));
}

/* Formulas: values in batches, proven numbers (Arb), a descent. */
static void compute_formulas(eg_context *ctx)
{
    eg_reals *reals = NULL;
    eg_expr *f = parse_expr(ctx, "exp(x)*sin(1/y) + gamma(x)");
    eg_range ranges[2] = {{-1, 1, 50}, {-1, 1, 50}};
    static double x_of[2500], y_of[2500], values[2500];
    double *points[] = {x_of, y_of}, x[2] = {0.5, 0.5};
    eg_surface_sample(f, ranges, 0, 2500, points, values, NULL, NULL);
    eg_objective objective = eg_objective_expr(f);
    eg_descent_options options;
    eg_descent_result result;
    eg_descent_default(&options);
    eg_descent(ctx, &objective, x, &options, &result, NULL);
    eg_expr_free(f);
    assert_int_equal(eg_reals_new(&reals, ctx, NULL, NULL), EG_OK);
    eg_decimal decimal;
    eg_real_decimal(reals, eg_real_pi(reals), 50, &decimal, NULL);
    eg_reals_free(reals);
}

static void draw_plots(eg_context *ctx)
{
    static const char *const formats[] = {"svg", "png", "pdf"};
    eg_plot_options options;
    double values[33 * 17];
    eg_plot_default(&options);
    options.title = "a title";
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = (double)(i % 33) * (double)(i / 33);
    for (size_t i = 0; i < COUNT(formats); i++) {
        eg_plot *plot = NULL;
        const void *bytes;
        size_t size;
        assert_int_equal(eg_plot_new(&plot, ctx, &options, NULL), EG_OK);
        assert_int_equal(eg_plot_values(plot, values, 33, 17, NULL, 0, NULL), EG_OK);
        eg_plot_render(plot, formats[i], &bytes, &size, NULL);
        eg_plot_free(plot);
    }
}

static void read_tables(eg_context *ctx)
{
    static const char text[] = "x,y\n0,1\n1,2.7\n2,7.4\n3,20\n";
    eg_table *table = NULL;
    eg_fit *fit = NULL;
    write_bytes(scratch("t.csv"), text, sizeof text - 1);
    assert_int_equal(eg_table_read(&table, ctx, scratch("t.csv"), NULL), EG_OK);
    assert_int_equal(eg_fit_new(&fit, ctx, "a*exp(b*x)", table, "y", NULL, NULL), EG_OK);
    double x[2] = {1, 0.5};
    eg_fit_solver solver;
    eg_fit_result result;
    eg_fit_solver_default(&solver);
    eg_fit_solve(fit, x, &solver, &result, NULL);
    eg_fit_free(fit);
    eg_table_free(table);
    unlink(scratch("t.csv"));
}

/* ---- tests ----------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    call *run;
} calls[] = {{"reading", read_everything}, {"writing", write_everything},
             {"rasters", compute_rasters}, {"formulas", compute_formulas},
             {"plots", draw_plots},        {"tables", read_tables}};

static void the_process_stays_as_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++)
        leaves_state(calls[i].name, calls[i].run);
}

static void on_signal(int number)
{
    (void)number;
}

/* A state that is none of the defaults, which a library that sets and resets them would lose. */
static void an_unusual_process_stays_as_it_was(void **state)
{
    struct sigaction handler = {.sa_handler = on_signal}, pipe_action, segv_action;
    sigset_t mask, old_mask;
    const mode_t old = umask(027);
    (void)state;
    sigemptyset(&handler.sa_mask);
    sigaction(SIGPIPE, &handler, &pipe_action);
    sigaction(SIGFPE, &handler, &segv_action);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, &old_mask);
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < COUNT(calls); i++)
        leaves_state(calls[i].name, calls[i].run);
    setlocale(LC_ALL, "C");
    sigprocmask(SIG_SETMASK, &old_mask, NULL);
    sigaction(SIGPIPE, &pipe_action, NULL);
    sigaction(SIGFPE, &segv_action, NULL);
    umask(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_process_stays_as_it_was),
                                       cmocka_unit_test(an_unusual_process_stays_as_it_was)};
    return cmocka_run_group_tests_name("process state", tests, make_scratch, remove_scratch);
}
