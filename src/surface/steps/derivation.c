/* SPDX-License-Identifier: MIT */
/* Applies rule after rule to the derivative of an expression, and keeps the text of each line. */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "core/strings.h"
#include "expr/codegen/latex.h"
#include "expr/expr.h"
#include "expr/graph/print.h"
#include "expr/graph/rebuild.h"
#include "surface/steps/steps.h"

enum { MAX_LINES = 1000, MAX_TEXT = 1 << 20 };

/* Offsets of the texts of a line in eg_derivation.texts, plus 1; 0: none. */
typedef struct line_offsets {
    size_t rule, inner, text, inner_latex, latex;
} line_offsets;

struct eg_derivation {
    eg_context *ctx;
    eg_growing lines; /* of line_offsets */
    eg_string texts;  /* each ended by a 0 */
};

/* A derivation that is being made. */
typedef struct work {
    eg_derivation *made;
    const eg_expr *expr;
    eg_graph graph;
    uint32_t by;
    eg_id root;
    char names[2][8]; /* what rules call u and v: names that no variable has */
    eg_error *error;
} work;

/* ---- texts ---- */

static size_t offset_of_next(const work *w)
{
    return w->made->texts.bytes.count + 1;
}

static size_t add_text(work *w, const char *text)
{
    size_t offset = offset_of_next(w);
    eg_string_add_bytes(&w->made->texts, text, strlen(text) + 1);
    return offset;
}

/* Appends a node without a final 0. */
static void add_node(work *w, const eg_graph *graph, eg_id id, bool latex)
{
    eg_string *texts = &w->made->texts;
    eg_printer p = {.graph = graph, .names = w->expr->names, .variables = w->expr->variables};
    for (int pass = 0; pass < 2 && texts->status == EG_OK; pass++) {
        p.length = 0;
        if (latex)
            eg_latex_print(&p, id);
        else
            eg_print_node(&p, id, EG_BIND_ANY);
        if (pass == 1) {
            texts->bytes.count += p.length;
        } else if (texts->bytes.count + p.length > MAX_TEXT) {
            texts->status =
                eg_fail(w->error, EG_LIMIT_EXCEEDED,
                        "the steps have more than %d bytes of text: simplify it", MAX_TEXT);
        } else {
            texts->status =
                eg_growing_reserve(&texts->bytes, texts->ctx, p.length + 1, 1, w->error);
            p.out = (char *)texts->bytes.items + texts->bytes.count;
            p.size = p.length + 1;
        }
    }
}

static size_t add_line_text(work *w, const eg_graph *graph, eg_id id, bool latex)
{
    size_t offset = offset_of_next(w);
    add_node(w, graph, id, latex);
    eg_string_add_bytes(&w->made->texts, "", 1);
    return offset;
}

/* Adds "u = 2*x, v = ..." for what a rule calls u and v. Returns 0 if that is nothing. */
static size_t add_inner(work *w, const eg_rule_result *result, bool latex)
{
    const eg_id ids[2] = {result->u, result->v};
    size_t offset = offset_of_next(w), count = 0;
    for (int i = 0; i < 2; i++) {
        if (ids[i] == EG_NONE)
            continue;
        eg_string_add(&w->made->texts, count++ ? (latex ? ",\\ " : ", ") : "");
        eg_string_add(&w->made->texts, w->names[i]);
        eg_string_add(&w->made->texts, " = ");
        add_node(w, &w->graph, ids[i], latex);
    }
    if (count == 0)
        return 0;
    eg_string_add_bytes(&w->made->texts, "", 1);
    return offset;
}

static size_t add_rule(work *w, const eg_rule_result *result)
{
    char rule[128];
    if (!result->rule)
        snprintf(rule, sizeof rule, "derivative of %s%s", result->function,
                 result->u != EG_NONE ? ", chain rule" : "");
    else
        snprintf(rule, sizeof rule, "%s", result->rule);
    return add_text(w, rule);
}

static eg_status add_line(work *w, const line_offsets *line)
{
    eg_growing *lines = &w->made->lines;
    if (w->made->texts.status != EG_OK)
        return w->made->texts.status;
    if (lines->count == MAX_LINES)
        return eg_fail(w->error, EG_LIMIT_EXCEEDED,
                       "the derivation has more than %d steps: simplify it", MAX_LINES);
    eg_status status = eg_growing_reserve(lines, w->made->ctx, 1, sizeof *line, w->error);
    if (status == EG_OK)
        ((line_offsets *)lines->items)[lines->count++] = *line;
    return status;
}

/* Adds the line that is the graph now. result: the rule that led to it; NULL: none. */
static eg_status add_current(work *w, const eg_rule_result *result)
{
    line_offsets line = {.rule = 0};
    if (result) {
        line.rule = add_rule(w, result);
        line.inner = add_inner(w, result, false);
        line.inner_latex = add_inner(w, result, true);
    }
    line.text = add_line_text(w, &w->graph, w->root, false);
    line.latex = add_line_text(w, &w->graph, w->root, true);
    return add_line(w, &line);
}

/* ---- steps ---- */

/* Copies the nodes of the expression as they are. Returns the copy of the root. */
static eg_id copy_expression(work *w)
{
    const eg_graph *from = &w->expr->graph;
    eg_id args_limit = 1, root = w->expr->root, result = EG_NONE;
    for (eg_id id = 0; id <= root; id++)
        args_limit = from->nodes[id].count > args_limit ? from->nodes[id].count : args_limit;
    eg_id *copies = eg_alloc(w->made->ctx, (size_t)root + 1 + args_limit, sizeof *copies, w->error);
    if (!copies)
        return eg_graph_fail(&w->graph, eg_failed(w->error));
    eg_id *args = copies + root + 1;
    for (eg_id id = 0; id <= root && w->graph.status == EG_OK; id++) {
        const eg_node *node = &from->nodes[id];
        for (uint32_t i = 0; i < node->count; i++)
            args[i] = copies[eg_args(from, id)[i]];
        copies[id] = node->kind == EG_CONSTANT ? eg_copy_constant_node(&w->graph, from, node)
                                               : eg_graph_intern(&w->graph, *node, args);
        result = copies[id];
    }
    eg_free(copies);
    return w->graph.status == EG_OK ? result : EG_NONE;
}

/* Sets to_do[id] for every node of the line that has a derivative to do, or is one. */
static void mark_to_do(const eg_graph *g, eg_id root, bool *to_do)
{
    eg_mark_live(g, root, to_do);
    for (eg_id id = 0; id <= root; id++) {
        bool found = g->nodes[id].kind == EG_DERIVATIVE;
        for (uint32_t i = 0; to_do[id] && i < g->nodes[id].count; i++)
            found |= to_do[eg_args(g, id)[i]];
        to_do[id] &= found;
    }
}

/* Returns the leftmost derivative to do, EG_NONE if there is none. */
static eg_id first_to_do(const eg_graph *g, eg_id root, const bool *to_do)
{
    eg_id id = root;
    if (!to_do[root])
        return EG_NONE;
    while (g->nodes[id].kind != EG_DERIVATIVE) {
        uint32_t i = 0;
        while (!to_do[eg_args(g, id)[i]])
            i++;
        id = eg_args(g, id)[i];
    }
    return id;
}

/* Makes a node of a line again with other arguments. */
static eg_id make_again(eg_graph *g, const eg_node *node, const eg_id *args)
{
    if (node->kind == EG_SUM)
        return eg_line_sum(g, args, node->count);
    if (node->kind == EG_PRODUCT)
        return eg_line_product(g, args, node->count);
    return eg_graph_intern(g, *node, args);
}

/* Returns the root with replaced[id] in place of each derivative for which it is not EG_NONE.
 * replaced[] has an element for each node up to the root, and is overwritten. */
static eg_id replace(work *w, eg_id *replaced, const bool *to_do, eg_id *args)
{
    eg_graph *g = &w->graph;
    for (eg_id id = 0; id <= w->root && g->status == EG_OK; id++) {
        const eg_node node = g->nodes[id];
        if (!to_do[id] || (node.kind == EG_DERIVATIVE && replaced[id] == EG_NONE))
            replaced[id] = id;
        if (!to_do[id] || node.kind == EG_DERIVATIVE)
            continue;
        for (uint32_t i = 0; i < node.count; i++)
            args[i] = replaced[eg_args(g, id)[i]];
        replaced[id] = make_again(g, &node, args);
    }
    return g->status == EG_OK ? replaced[w->root] : EG_NONE;
}

/* Applies the rule for the derivative `id`. A trivial one is done together with all that are. */
static eg_rule_result apply(work *w, eg_id id, const bool *to_do, eg_id *replaced)
{
    eg_graph *g = &w->graph;
    const eg_id operand = eg_args(g, id)[0];
    eg_rule_result result = eg_rule_apply(g, operand, w->by);
    replaced[id] = result.node;
    if (!eg_rule_is_trivial(g, operand, w->by))
        return result;
    for (eg_id other = 0; other <= w->root && g->status == EG_OK; other++) {
        if (!to_do[other] || g->nodes[other].kind != EG_DERIVATIVE || other == id)
            continue;
        const eg_id its = eg_args(g, other)[0];
        if (!eg_rule_is_trivial(g, its, w->by))
            continue;
        eg_rule_result more = eg_rule_apply(g, its, w->by);
        replaced[other] = more.node;
        if (more.rule != result.rule)
            result.rule = "derivative of the variable is 1, of a constant 0";
    }
    return result;
}

/* Does one step. *done: there was nothing left to do. */
static eg_status step(work *w, bool *done)
{
    eg_graph *g = &w->graph;
    const size_t count = (size_t)w->root + 1;
    size_t most = 1;
    for (size_t id = 0; id < count; id++)
        most = g->nodes[id].count > most ? g->nodes[id].count : most;
    eg_id *replaced =
        eg_alloc(w->made->ctx, (count + most) * sizeof *replaced + count, 1, w->error);
    if (!replaced)
        return eg_failed(w->error);
    bool *to_do = (bool *)(replaced + count + most);
    for (size_t id = 0; id < count; id++)
        replaced[id] = EG_NONE;
    mark_to_do(g, w->root, to_do);
    eg_id id = first_to_do(g, w->root, to_do);
    *done = id == EG_NONE;
    eg_status status = EG_OK;
    if (!*done) {
        eg_rule_result result = apply(w, id, to_do, replaced);
        w->root = g->status == EG_OK ? replace(w, replaced, to_do, replaced + count) : EG_NONE;
        status = g->status == EG_OK ? add_current(w, &result) : g->status;
    }
    eg_free(replaced);
    return status;
}

/* Adds the simplified derivative, unless the last line has that text already. */
static eg_status add_simplified(work *w)
{
    eg_expr *derivative;
    eg_status status = eg_surface_derivative(&derivative, w->expr, w->by, w->error);
    if (status != EG_OK)
        return status;
    const eg_derivation *made = w->made;
    line_offsets line = {.rule = add_text(w, "simplified")};
    line.text = add_line_text(w, &derivative->graph, derivative->root, false);
    line.latex = add_line_text(w, &derivative->graph, derivative->root, true);
    eg_expr_free(derivative);
    if (made->texts.status != EG_OK)
        return made->texts.status;
    const line_offsets *last = (line_offsets *)made->lines.items + made->lines.count - 1;
    const char *texts = made->texts.bytes.items;
    return strcmp(texts + last->text - 1, texts + line.text - 1) == 0 ? EG_OK : add_line(w, &line);
}

/* ---- the whole derivation ---- */

static bool is_name(const eg_expr *expr, const char *name)
{
    for (size_t i = 0; i < expr->variables; i++)
        if (strcmp(expr->names[i], name) == 0)
            return true;
    return false;
}

/* Chooses two names that no variable has. */
static void choose_names(work *w)
{
    static const char *const pairs[][2] = {{"u", "v"}, {"p", "q"}, {"a", "b"}, {"g", "h"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!is_name(w->expr, pairs[i][0]) && !is_name(w->expr, pairs[i][1])) {
            memcpy(w->names[0], pairs[i][0], 2);
            memcpy(w->names[1], pairs[i][1], 2);
            return;
        }
    memcpy(w->names[0], "U_", 3);
    memcpy(w->names[1], "V_", 3);
}

static eg_status derive(work *w)
{
    eg_graph_init(&w->graph, w->made->ctx, w->error);
    eg_id copy = copy_expression(w);
    w->root = eg_line_derivative(&w->graph, copy, w->by);
    eg_status status = w->graph.status;
    bool done = false;
    if (status == EG_OK)
        status = add_current(w, NULL);
    while (status == EG_OK && !done)
        status = step(w, &done);
    if (status == EG_OK)
        status = add_simplified(w);
    eg_graph_free(&w->graph);
    return status;
}

eg_status eg_derivation_new(eg_derivation **derivation, const eg_expr *expr, size_t variable,
                            eg_error *error)
{
    *derivation = NULL;
    if (variable >= expr->variables)
        return eg_fail(error, EG_USAGE, "variable %zu is out of range: the expression has %zu",
                       variable, expr->variables);
    eg_derivation *made = eg_calloc(expr->ctx, 1, sizeof *made, error);
    if (!made)
        return eg_failed(error);
    made->ctx = expr->ctx;
    made->texts = (eg_string){.ctx = expr->ctx, .error = error};
    work w = {.made = made, .expr = expr, .by = (uint32_t)variable, .error = error};
    choose_names(&w);
    eg_status status = derive(&w);
    made->texts.error = NULL;
    if (status == EG_OK)
        *derivation = made;
    else
        eg_derivation_free(made);
    return status;
}

void eg_derivation_free(eg_derivation *derivation)
{
    if (!derivation)
        return;
    eg_free(derivation->lines.items);
    eg_string_free(&derivation->texts);
    eg_free(derivation);
}

size_t eg_derivation_count(const eg_derivation *derivation)
{
    return derivation->lines.count;
}

eg_derivation_line eg_derivation_at(const eg_derivation *derivation, size_t index)
{
    const line_offsets *line = (const line_offsets *)derivation->lines.items + index;
    const char *texts = derivation->texts.bytes.items;
    return (eg_derivation_line){
        .rule = line->rule ? texts + line->rule - 1 : NULL,
        .inner = line->inner ? texts + line->inner - 1 : NULL,
        .text = texts + line->text - 1,
        .inner_latex = line->inner_latex ? texts + line->inner_latex - 1 : NULL,
        .latex = texts + line->latex - 1,
    };
}
