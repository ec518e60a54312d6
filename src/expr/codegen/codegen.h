/* SPDX-License-Identifier: MIT */
/*
 * Code of an expression in other languages. An expression is lowered to the operations of value and
 * gradient (expr/eval/ops.h), which become statements: an operation that is used more than once, or
 * whose text is long, gets a name.
 */
#ifndef EG_EXPR_CODEGEN_CODEGEN_H
#define EG_EXPR_CODEGEN_CODEGEN_H

#include "core/strings.h"
#include "expr/eval/ops.h"
#include "expr/expr.h"
#include "expr/graph/print.h"

/* The code of one operation. In `text`, A and B are the arguments, N is the order or exponent, H is
 * N + 1/2, and @name( is a call of a helper function. */
typedef struct eg_code_form {
    const char *text;
    uint8_t own, left, right; /* eg_precedence of the text, and those its arguments must have */
} eg_code_form;

/* A function that the code calls and the language lacks. A helper comes after those it calls. */
typedef struct eg_code_helper {
    const char *name, *text; /* @ stands for the prefix of the names of helpers */
} eg_code_helper;

typedef struct eg_code_language {
    const char *name;          /* "C" */
    const eg_code_form *forms; /* EG_OPS of them, by operation; without a text: not supported */
    const eg_code_form *cube, *fourth;    /* of EG_OP_POWI with these exponents; NULL: as others */
    const eg_code_form *sinc, *polygamma; /* two of each: of order 0, and of the orders after it */
    const eg_code_helper *helpers;        /* ended by a name of NULL */
    const char *reserved; /* names that functions and variables cannot have, between blanks */
    const char *locals;   /* names that the code has, which variables cannot have */
    const char *infinity, *nan, *pi, *e; /* NULL: as a decimal */
} eg_code_language;

extern const eg_code_language eg_code_c, eg_code_python;

enum { EG_CODE_HELPERS = 32, EG_CODE_NAME = 300 };

/* An expression on its way to code. */
typedef struct eg_code {
    const eg_expr *expr;
    const eg_code_language *language;
    const char *function, *prefix; /* names of the function, and before names of helpers */
    eg_graph ops;
    eg_id value, gradient[EG_EXPR_VARIABLES];
    uint32_t *uses;                     /* by operation: how often code refers to it */
    uint32_t *names;                    /* by operation: number of its name, 0: none */
    uint16_t *lengths;                  /* by operation: bytes of its text, roughly */
    bool *in_value;                     /* by operation: the value depends on it */
    bool *varies;                       /* by operation: it depends on a variable */
    double *constants;                  /* by operation that does not vary: its value */
    void *memory;                       /* of these arrays */
    char *variables[EG_EXPR_VARIABLES]; /* their names in the code */
    char *renamed;                      /* memory of these */
    char temporary[16];                 /* names of operations begin with it */
    bool helpers[EG_CODE_HELPERS];      /* those that are called */
    eg_string body, head;
    eg_error *error;
} eg_code;

/* Lowers the expression, and names operations and variables. The caller frees `code` in any case.
 */
eg_status eg_code_begin(eg_code *code, const eg_expr *expr, const eg_code_language *language,
                        const char *function, const char *prefix, eg_error *error);
void eg_code_free(eg_code *code);

/* Checks that a function can have the name, and names the variables. (identifiers.c) */
eg_status eg_code_check_name(const eg_code_language *language, const char *name, eg_error *error);
eg_status eg_code_name_variables(eg_code *code);

/* Write the whole text to code->head and code->body. (code_c.c, code_python.c) */
eg_status eg_code_write_c(eg_code *code);
eg_status eg_code_write_python(eg_code *code);

/* Returns the form of an operation; a leaf has none. (code.c) */
const eg_code_form *eg_code_form_of(const eg_code *code, eg_id id);

/* Returns true for a variable, a number, and a constant that is not finite. */
bool eg_code_is_leaf(const eg_code *code, eg_id id);

/* Appends to the body: the text of an operation, or its name if it has one; and the lines that name
 * operations, "BEFORE NAME = TEXT AFTER". value: those the value depends on, else all others.
 * (statements.c) */
void eg_code_operand(eg_code *code, eg_id id, unsigned outer);
void eg_code_statements(eg_code *code, const char *before, const char *after, bool value);

/* Returns true if the value, or the value or gradient, depends on a variable. */
bool eg_code_uses(const eg_code *code, size_t variable, bool gradient);

/* Appends the helpers that the body calls. */
void eg_code_add_helpers(eg_code *code, eg_string *text);

/* Appends the names of the variables, with this text before each. */
void eg_code_add_variables(const eg_code *code, eg_string *text, const char *before);

/* Append "f(x, y) = x + y", or without the formula where it is long, and what variables were
 * renamed; the names in the code and those typed. `before` begins a line. */
void eg_code_add_formula(const eg_code *code, eg_string *text);
void eg_code_add_renamed(const eg_code *code, eg_string *text, const char *before);

#endif
