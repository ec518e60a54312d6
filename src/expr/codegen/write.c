/* SPDX-License-Identifier: MIT */
/* Writes an expression as code: the public interface. */
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "expr/codegen/codegen.h"

eg_status eg_expr_write_code(const eg_expr *expr, eg_language language, const char *name,
                             eg_text_receiver *receive, void *opaque, eg_error *error)
{
    const bool python = language == EG_LANGUAGE_PYTHON;
    const char *function = name ? name : "f";
    char prefix[EG_CODE_NAME];
    eg_code code;
    if (language != EG_LANGUAGE_C && !python)
        return eg_fail(error, EG_USAGE, "there is no language %d", (int)language);
    snprintf(prefix, sizeof prefix, python ? "_" : "%.200s_", function);
    eg_status status =
        eg_code_begin(&code, expr, python ? &eg_code_python : &eg_code_c, function, prefix, error);
    if (status == EG_OK)
        status = python ? eg_code_write_python(&code) : eg_code_write_c(&code);
    if (status == EG_OK)
        status = receive(opaque, code.head.bytes.items, code.head.bytes.count, error);
    if (status == EG_OK)
        status = receive(opaque, code.body.bytes.items, code.body.bytes.count, error);
    eg_code_free(&code);
    return status;
}
