/* SPDX-License-Identifier: MIT */
/* The progress line on standard error. The lock of the stream protects it. */
#include "cli/support/progress_line.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool shown; /* a line stands on the terminal */

/* Returns the width of the terminal in characters; 80 if it is unknown or exceeds PROGRESS_LINE. */
static size_t terminal_columns(void)
{
    struct winsize window;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
    return known && window.ws_col < PROGRESS_LINE ? window.ws_col : 80;
}

void progress_line_show(const char *text)
{
    flockfile(stderr);
    fprintf(stderr, "\r%.*s\x1b[K", (int)terminal_columns() - 1, text);
    fflush(stderr);
    shown = true;
    funlockfile(stderr);
}

void progress_line_clear(void)
{
    flockfile(stderr);
    if (shown)
        fputs("\r\x1b[K", stderr);
    shown = false;
    funlockfile(stderr);
}

void progress_bar(char out[PROGRESS_BAR + 1], double share)
{
    size_t filled = (size_t)(PROGRESS_BAR * fmin(fmax(share, 0), 1));
    memset(out, '.', PROGRESS_BAR);
    memset(out, '#', filled);
    out[PROGRESS_BAR] = 0;
}

void progress_duration(char *out, size_t size, double seconds)
{
    int s = seconds < 359999 ? (int)ceil(seconds) : 359999;
    if (isnan(seconds))
        snprintf(out, size, "-:--");
    else if (s >= 3600)
        snprintf(out, size, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, size, "%d:%02d", s / 60, s % 60);
}
