/* SPDX-License-Identifier: MIT */
/* Chooses the ticks of the axes by the measured width of their numbers, and formats numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/plot.h"

enum { TICK_X = 95, TICK_Y = 70, LABEL_GAP = 14 }; /* least distances, pixels */

double eg_nice_step(double range, double about)
{
    double rough = range / about, power = pow(10, floor(log10(rough)));
    double part = rough / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

/* Removes what an exponent does not need: 2e-07 is 2e-7, 3e+12 is 3e12. */
static void tidy_exponent(char *text)
{
    char *e = strchr(text, 'e');
    if (!e)
        return;
    char *to = e + 1, *from = e + 1;
    if (*from == '-')
        *to++ = *from++;
    from += strspn(from, "+0");
    memmove(to, from, strlen(from) + 1);
}

void eg_tick_text(char *out, size_t size, double value, double step)
{
    int places = (int)fmax(0, ceil(-log10(step) - 1e-9));
    if (fabs(value) < step / 1000)
        value = 0; /* never -0 */
    if (fabs(value) < 1e8 && places <= 6)
        snprintf(out, size, "%.*f", places, value);
    else
        snprintf(out, size, "%.*g", (int)fmin(17, 2 + log10(fmax(1, fabs(value) / step))), value);
    tidy_exponent(out);
}

void eg_level_text(char *out, size_t size, double level, double gap)
{
    double magnitude = fabs(level);
    int places = (int)fmax(0, ceil(1 - log10(gap) - 1e-9));
    if (magnitude < gap / 1000)
        level = magnitude = 0;
    if (magnitude >= 1e8 || (magnitude > 0 && magnitude < 1e-4) || places > 12) {
        snprintf(out, size, "%.*g", (int)fmin(17, 2 + log10(fmax(1, magnitude / gap))), level);
        tidy_exponent(out);
        return;
    }
    snprintf(out, size, "%.*f", places, level);
    if (strchr(out, '.')) {
        size_t length = strlen(out);
        while (out[length - 1] == '0')
            out[--length] = 0;
        if (out[length - 1] == '.')
            out[length - 1] = 0;
    }
    if (strcmp(out, "-0") == 0)
        memmove(out, out + 1, 2);
}

/* ---- ticks ---- */

double eg_tick_at(const double range[2], double step, int i)
{
    return (ceil(range[0] / step - 1e-9) + i) * step;
}

int eg_tick_count(const double range[2], double step)
{
    return (int)(floor(range[1] / step + 1e-9) - ceil(range[0] / step - 1e-9)) + 1;
}

/* Returns the width of the widest number of the ticks. */
static double widest_number(const double range[2], double step, eg_measure measure, void *opaque)
{
    char text[EG_NUMBER];
    double widest = 0;
    for (int i = 0; i < eg_tick_count(range, step); i++) {
        eg_tick_text(text, sizeof text, eg_tick_at(range, step, i), step);
        widest = fmax(widest, measure(opaque, text));
    }
    return widest;
}

/* Returns the step of the x axis: the numbers stand side by side, so that wide ones need a larger
 * step. At least two numbers remain, if only one of them can be drawn. */
static double choose_x_step(const double range[2], double length, eg_measure measure, void *opaque)
{
    double about = fmax(1, length / TICK_X), step = eg_nice_step(range[1] - range[0], about);
    for (;;) {
        double next = eg_nice_step(range[1] - range[0], about);
        if (eg_tick_count(range, next) < 2)
            return step;
        step = next;
        about *= 0.8;
        double distance = step / (range[1] - range[0]) * length;
        if (widest_number(range, step, measure, opaque) + LABEL_GAP <= distance)
            return step;
    }
}

/* Returns by how many pixels the number of the last tick of the x axis reaches beyond `limit`. */
static double overhang(const eg_frame *f, const double range[2], double limit, eg_measure measure,
                       void *opaque)
{
    char text[EG_NUMBER];
    int count = eg_tick_count(range, f->step[0]);
    if (count < 1)
        return 0;
    double last = eg_tick_at(range, f->step[0], count - 1);
    eg_tick_text(text, sizeof text, last, f->step[0]);
    double x = f->left + (last - range[0]) / (range[1] - range[0]) * (f->right - f->left);
    return x + measure(opaque, text) / 2 - limit;
}

void eg_lay_out(eg_frame *f, const eg_plot_options *o, eg_measure measure, void *opaque)
{
    f->top = EG_MARGIN_TOP + (o->title ? EG_MARGIN_TITLE : 0) + (o->legend ? EG_MARGIN_LEGEND : 0);
    f->bottom = fmax(f->top + 8, o->height - EG_MARGIN_BOTTOM);
    f->step[1] = eg_nice_step(o->y[1] - o->y[0], fmax(1, (f->bottom - f->top) / TICK_Y));
    double margin = (o->y_label ? EG_MARGIN_Y_LABEL : 0) + EG_TICK + EG_TICK_GAP + 4;
    margin += widest_number(o->y, f->step[1], measure, opaque);
    f->left = fmin(fmax(margin, EG_MARGIN_LEFT), o->width / 2.5);
    f->right = o->width - EG_MARGIN_RIGHT;
    for (int i = 0; i < 2; i++) {
        f->step[0] = choose_x_step(o->x, f->right - f->left, measure, opaque);
        double over = overhang(f, o->x, o->width - 4, measure, opaque);
        if (over > 0)
            f->right = fmax(f->left + 8, f->right - over);
    }
}
