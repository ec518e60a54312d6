/* SPDX-License-Identifier: MIT */
/* In place of painter.c in a build without cairo: nothing can be drawn. */
#include "plot/plot.h"

#ifndef EG_HAVE_CAIRO

#include "core/status.h"

static eg_status fail(eg_error *error)
{
    return eg_fail(error, EG_UNSUPPORTED,
                   "this build cannot draw: install cairo (libcairo2-dev, cairo-devel) and build "
                   "edgegrad again");
}

eg_status eg_painter_lay_out(eg_context *ctx, eg_frame *frame, const eg_plot_options *options,
                             eg_error *error)
{
    (void)ctx, (void)frame, (void)options;
    return fail(error);
}

eg_status eg_painter_draw(eg_plot *plot, const char *format, eg_error *error)
{
    (void)plot, (void)format;
    return fail(error);
}

void eg_painter_keep(void)
{
}

void eg_painter_release(void)
{
}

#endif
