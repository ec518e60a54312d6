/* SPDX-License-Identifier: MIT */
/*
 * cairo, loaded with dlopen() when the first plot is drawn, because it and its dependencies take as
 * long to load as the rest of a small run (core/dynlib.h). EG_CAIRO_LIBRARY is its file name.
 */
#ifndef EG_PLOT_CAIRO_LIBRARY_H
#define EG_PLOT_CAIRO_LIBRARY_H

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include "core/dynlib.h"

/* Loads cairo. Must precede any call of it. EG_UNSUPPORTED: it cannot be loaded. Safe from any
 * thread. */
eg_status eg_cairo_load(eg_error *error);

#ifdef EG_CAIRO_LIBRARY

#define EG_CAIRO_FUNCTIONS(X)                                                                      \
    X(cairo_arc)                                                                                   \
    X(cairo_clip)                                                                                  \
    X(cairo_close_path)                                                                            \
    X(cairo_create)                                                                                \
    X(cairo_destroy)                                                                               \
    X(cairo_fill)                                                                                  \
    X(cairo_fill_preserve)                                                                         \
    X(cairo_font_extents)                                                                          \
    X(cairo_get_source)                                                                            \
    X(cairo_image_surface_create)                                                                  \
    X(cairo_image_surface_get_data)                                                                \
    X(cairo_image_surface_get_stride)                                                              \
    X(cairo_line_to)                                                                               \
    X(cairo_move_to)                                                                               \
    X(cairo_new_path)                                                                              \
    X(cairo_paint)                                                                                 \
    X(cairo_pattern_set_extend)                                                                    \
    X(cairo_pattern_set_filter)                                                                    \
    X(cairo_pdf_surface_create_for_stream)                                                         \
    X(cairo_rectangle)                                                                             \
    X(cairo_restore)                                                                               \
    X(cairo_rotate)                                                                                \
    X(cairo_save)                                                                                  \
    X(cairo_scale)                                                                                 \
    X(cairo_select_font_face)                                                                      \
    X(cairo_set_dash)                                                                              \
    X(cairo_set_font_size)                                                                         \
    X(cairo_set_line_cap)                                                                          \
    X(cairo_set_line_join)                                                                         \
    X(cairo_set_line_width)                                                                        \
    X(cairo_set_source_rgb)                                                                        \
    X(cairo_set_source_rgba)                                                                       \
    X(cairo_set_source_surface)                                                                    \
    X(cairo_show_text)                                                                             \
    X(cairo_status)                                                                                \
    X(cairo_status_to_string)                                                                      \
    X(cairo_stroke)                                                                                \
    X(cairo_surface_destroy)                                                                       \
    X(cairo_surface_finish)                                                                        \
    X(cairo_surface_mark_dirty)                                                                    \
    X(cairo_surface_status)                                                                        \
    X(cairo_surface_write_to_png_stream)                                                           \
    X(cairo_svg_surface_create_for_stream)                                                         \
    X(cairo_text_extents)                                                                          \
    X(cairo_text_path)                                                                             \
    X(cairo_translate)

extern struct eg_cairo_library {
    EG_CAIRO_FUNCTIONS(EG_DYNLIB_MEMBER)
} eg_cairo_library;

#ifndef EG_CAIRO_LOADING
#define cairo_arc                           eg_cairo_library.cairo_arc_
#define cairo_clip                          eg_cairo_library.cairo_clip_
#define cairo_close_path                    eg_cairo_library.cairo_close_path_
#define cairo_create                        eg_cairo_library.cairo_create_
#define cairo_destroy                       eg_cairo_library.cairo_destroy_
#define cairo_fill                          eg_cairo_library.cairo_fill_
#define cairo_fill_preserve                 eg_cairo_library.cairo_fill_preserve_
#define cairo_font_extents                  eg_cairo_library.cairo_font_extents_
#define cairo_get_source                    eg_cairo_library.cairo_get_source_
#define cairo_image_surface_create          eg_cairo_library.cairo_image_surface_create_
#define cairo_image_surface_get_data        eg_cairo_library.cairo_image_surface_get_data_
#define cairo_image_surface_get_stride      eg_cairo_library.cairo_image_surface_get_stride_
#define cairo_line_to                       eg_cairo_library.cairo_line_to_
#define cairo_move_to                       eg_cairo_library.cairo_move_to_
#define cairo_new_path                      eg_cairo_library.cairo_new_path_
#define cairo_paint                         eg_cairo_library.cairo_paint_
#define cairo_pattern_set_extend            eg_cairo_library.cairo_pattern_set_extend_
#define cairo_pattern_set_filter            eg_cairo_library.cairo_pattern_set_filter_
#define cairo_pdf_surface_create_for_stream eg_cairo_library.cairo_pdf_surface_create_for_stream_
#define cairo_rectangle                     eg_cairo_library.cairo_rectangle_
#define cairo_restore                       eg_cairo_library.cairo_restore_
#define cairo_rotate                        eg_cairo_library.cairo_rotate_
#define cairo_save                          eg_cairo_library.cairo_save_
#define cairo_scale                         eg_cairo_library.cairo_scale_
#define cairo_select_font_face              eg_cairo_library.cairo_select_font_face_
#define cairo_set_dash                      eg_cairo_library.cairo_set_dash_
#define cairo_set_font_size                 eg_cairo_library.cairo_set_font_size_
#define cairo_set_line_cap                  eg_cairo_library.cairo_set_line_cap_
#define cairo_set_line_join                 eg_cairo_library.cairo_set_line_join_
#define cairo_set_line_width                eg_cairo_library.cairo_set_line_width_
#define cairo_set_source_rgb                eg_cairo_library.cairo_set_source_rgb_
#define cairo_set_source_rgba               eg_cairo_library.cairo_set_source_rgba_
#define cairo_set_source_surface            eg_cairo_library.cairo_set_source_surface_
#define cairo_show_text                     eg_cairo_library.cairo_show_text_
#define cairo_status                        eg_cairo_library.cairo_status_
#define cairo_status_to_string              eg_cairo_library.cairo_status_to_string_
#define cairo_stroke                        eg_cairo_library.cairo_stroke_
#define cairo_surface_destroy               eg_cairo_library.cairo_surface_destroy_
#define cairo_surface_finish                eg_cairo_library.cairo_surface_finish_
#define cairo_surface_mark_dirty            eg_cairo_library.cairo_surface_mark_dirty_
#define cairo_surface_status                eg_cairo_library.cairo_surface_status_
#define cairo_surface_write_to_png_stream   eg_cairo_library.cairo_surface_write_to_png_stream_
#define cairo_svg_surface_create_for_stream eg_cairo_library.cairo_svg_surface_create_for_stream_
#define cairo_text_extents                  eg_cairo_library.cairo_text_extents_
#define cairo_text_path                     eg_cairo_library.cairo_text_path_
#define cairo_translate                     eg_cairo_library.cairo_translate_
#endif

#endif
#endif
