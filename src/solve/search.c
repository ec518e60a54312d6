/* SPDX-License-Identifier: MIT */
/* Branch and prune by the interval Newton operator. */
#include "solve/search.h"

#include <string.h>

#include "core/clock.h"
#include "core/context.h"
#include "core/status.h"
#include "solve/arithmetic.h"
#include "solve/newton.h"

/* Sides of a box, as parts of those of the outer box: one that is left undecided, and one that a
 * visitor may leave. */
static const double smallest_side = 0x1p-34, small_side = 0x1p-10;

/* Boxes are not halved in the middle, where solutions often are. */
static const double cut = 0.48828125;

enum { FEW_BOXES = 1000, CLOCK_BOXES = 32, MANY_SMALL_BOXES = 4096 };

typedef struct running {
    eg_search *search;
    size_t n;
    eg_newton newton;
    eg_growing boxes, next; /* eg_interval[n] each: this generation, and the one after it */
    eg_error *error;
} running;

static eg_status push(running *r, eg_growing *boxes, const eg_interval x[])
{
    size_t n = r->n;
    eg_status status = eg_growing_reserve(boxes, r->search->ctx, n, sizeof *x, r->error);
    if (status != EG_OK)
        return status;
    memcpy((eg_interval *)boxes->items + boxes->count, x, n * sizeof *x);
    boxes->count += n;
    return EG_OK;
}

static eg_status leave(running *r, const eg_interval x[])
{
    eg_growing *left = &r->search->left;
    eg_status status = eg_growing_reserve(left, r->search->ctx, 1, sizeof(eg_left_box), r->error);
    if (status == EG_OK)
        memcpy(((eg_left_box *)left->items)[left->count++].x, x, r->n * sizeof *x);
    return status;
}

/* Returns the side of a box as a part of the outer one; 0 where no double is inside. */
static double relative_side(const running *r, const eg_interval x[], size_t i)
{
    double middle = eg_iv_middle(x[i]), whole = eg_iv_width(r->search->outer[i]);
    if (middle <= x[i].low || middle >= x[i].high || whole == 0)
        return 0;
    return eg_iv_width(x[i]) / whole;
}

static double largest_side(const running *r, const eg_interval x[])
{
    double largest = 0;
    for (size_t i = 0; i < r->n; i++)
        largest = fmax(largest, relative_side(r, x, i));
    return largest;
}

/* ---- solutions ---- */

static bool is_in_known_root(const running *r, const eg_interval x[])
{
    for (size_t k = 0; k < r->search->roots.count; k++)
        if (eg_box_is_within(x, eg_search_root(r->search, k)->unique, r->n))
            return true;
    return false;
}

/* Returns true if a solution in `tight` is one of those known. *unclear: it is neither proven to
 * be one of them nor to be another one. */
static bool is_known(const running *r, const eg_root *found, bool *unclear)
{
    *unclear = false;
    for (size_t k = 0; k < r->search->roots.count; k++) {
        const eg_root *root = eg_search_root(r->search, k);
        if (eg_box_is_within(found->tight, root->unique, r->n))
            return true;
        if (eg_box_is_within(root->tight, found->unique, r->n))
            return true;
        *unclear |= eg_boxes_meet(root->tight, found->tight, r->n);
    }
    return false;
}

/* Adds the solution of a box that was proven to have one. Sets *done to true if it is certain
 * which. */
static eg_status add_root(running *r, const eg_root *found, bool *done)
{
    bool unclear;
    eg_growing *roots = &r->search->roots;
    *done = true;
    if (is_known(r, found, &unclear))
        return EG_OK;
    *done = !unclear;
    if (unclear)
        return EG_OK;
    eg_status status = eg_growing_reserve(roots, r->search->ctx, 1, sizeof *found, r->error);
    if (status == EG_OK)
        ((eg_root *)roots->items)[roots->count++] = *found;
    return status;
}

/* Looks for a solution near the middle of `x`, and proves it in a box about as large as `around`.
 * Sets *done to true if `x` has no other one. */
static eg_status find_root(running *r, const eg_interval x[], const eg_interval around[],
                           bool *done)
{
    static const double sizes[] = {0.75, 0.2, 0.03, 0x1p-9, 0x1p-16};
    double point[EG_UNKNOWNS], scale = 0;
    eg_root found = {.unique = {{0, 0}}};
    *done = false;
    for (size_t i = 0; i < r->n; i++) {
        point[i] = eg_iv_middle(x[i]);
        scale = fmax(scale, eg_iv_width(around[i]));
    }
    if (!eg_newton_improve(&r->newton, point, scale))
        return EG_OK;
    for (size_t i = 0; i < r->n; i++)
        if (fabs(point[i] - eg_iv_middle(around[i])) > eg_iv_width(around[i]) + 1e-12 * scale)
            return EG_OK;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        for (size_t i = 0; i < r->n; i++) {
            double radius = sizes[k] * eg_iv_width(around[i]) + 1e-14 * fabs(point[i]) + 1e-300;
            found.unique[i] = eg_iv(point[i] - radius, point[i] + radius);
        }
        if (!eg_newton_prove(&r->newton, found.unique, found.tight))
            continue;
        eg_status status = add_root(r, &found, done);
        *done = *done && eg_box_is_within(x, found.unique, r->n);
        return status;
    }
    return EG_OK;
}

/* ---- bisection ---- */

/* Chooses the unknown with the largest effect on the equations, unless another side is much
 * longer. */
static size_t choose_side(const running *r, const eg_interval x[])
{
    size_t n = r->n, longest = 0, chosen = n;
    double most = 0;
    for (size_t j = 0; j < n; j++) {
        double effect = 0;
        if (relative_side(r, x, j) > relative_side(r, x, longest))
            longest = j;
        if (relative_side(r, x, j) <= smallest_side)
            continue;
        for (size_t i = 0; i < n; i++)
            effect += eg_iv_magnitude(r->newton.jacobian[i * n + j]) * eg_iv_width(x[j]);
        if (isfinite(effect) && effect > most) {
            most = effect;
            chosen = j;
        }
    }
    bool balanced = chosen < n && relative_side(r, x, longest) <= 16 * relative_side(r, x, chosen);
    return balanced ? chosen : longest;
}

static eg_status bisect(running *r, const eg_interval x[])
{
    size_t side = choose_side(r, x);
    eg_interval half[EG_UNKNOWNS];
    double at = x[side].low + cut * eg_iv_width(x[side]);
    if (!(at > x[side].low && at < x[side].high))
        at = eg_iv_middle(x[side]);
    memcpy(half, x, r->n * sizeof *half);
    half[side].high = at;
    eg_status status = push(r, &r->next, half);
    half[side] = eg_iv(at, x[side].high);
    return status == EG_OK ? push(r, &r->next, half) : status;
}

/* ---- boxes ---- */

static bool excludes_zero(const eg_interval values[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!eg_iv_has_zero(values[i]))
            return true;
    return false;
}

/* Makes the box smaller while that helps. Returns false if it has no solution. */
static bool contract(running *r, eg_interval x[], eg_domain domain)
{
    enum { ROUNDS = 4 };
    eg_interval values[EG_UNKNOWNS];
    for (int round = 0; round < ROUNDS; round++) {
        double before = 0, after = 0;
        eg_newton_derive(&r->newton, x, domain);
        for (size_t i = 0; i < r->n; i++)
            before += relative_side(r, x, i);
        if (!eg_newton_contract(&r->newton, x))
            return false;
        for (size_t i = 0; i < r->n; i++)
            after += relative_side(r, x, i);
        if (!r->newton.usable || !(after < 0.6 * before))
            return true;
        domain = eg_system_values(r->search->system, x, values, NULL);
        if (excludes_zero(values, r->n))
            return false;
    }
    return true;
}

/* Asks the visitor. */
static eg_visit visit(const running *r, const eg_interval x[])
{
    bool many = (r->boxes.count + r->next.count) / r->n > FEW_BOXES;
    if (!r->search->visitor)
        return EG_VISIT_GO_ON;
    return r->search->visitor(r->search->opaque, x, many || largest_side(r, x) < small_side);
}

static eg_status divide(running *r, const eg_interval x[])
{
    return largest_side(r, x) > smallest_side ? bisect(r, x) : leave(r, x);
}

/* Discards a box, finds its solution, or divides it. */
static eg_status process(running *r, const eg_interval from[])
{
    eg_interval values[EG_UNKNOWNS], x[EG_UNKNOWNS];
    bool done = false;
    eg_status status = EG_OK;
    memcpy(x, from, r->n * sizeof *x);
    eg_visit wish = visit(r, x);
    if (wish == EG_VISIT_DISCARD || is_in_known_root(r, x))
        return EG_OK;
    if (wish == EG_VISIT_LEAVE)
        return leave(r, x);
    eg_domain domain = eg_system_values(r->search->system, x, values, NULL);
    r->search->undefined |= domain == EG_DOMAIN_NOWHERE;
    if (wish == EG_VISIT_DIVIDE) {
        eg_newton_derive(&r->newton, x, domain);
        return divide(r, x);
    }
    if (domain == EG_DOMAIN_NOWHERE || excludes_zero(values, r->n) ||
        (domain < EG_DOMAIN_CONTINUOUS && eg_system_is_refuted(r->search->system, x)))
        return EG_OK;
    if (!contract(r, x, domain))
        return EG_OK;
    if (r->newton.regular)
        status = find_root(r, x, from, &done);
    return status == EG_OK && !done ? divide(r, x) : status;
}

static eg_status leave_all(running *r, const eg_growing *boxes, size_t first)
{
    eg_status status = EG_OK;
    for (size_t i = first; i < boxes->count && status == EG_OK; i += r->n)
        if (!is_in_known_root(r, (const eg_interval *)boxes->items + i))
            status = leave(r, (const eg_interval *)boxes->items + i);
    return status;
}

/* Returns true if the boxes are so many that they seem to cover solutions that are not isolated. */
static bool is_too_many(const running *r)
{
    size_t count = r->next.count / r->n;
    return count > r->search->most_boxes ||
           (count > MANY_SMALL_BOXES &&
            largest_side(r, (const eg_interval *)r->next.items) < small_side);
}

/* Processes the boxes of a generation. *ended: the time is over, and all boxes are left. */
static eg_status run_generation(running *r, bool *ended)
{
    eg_status status = EG_OK;
    for (size_t i = 0; i < r->boxes.count && status == EG_OK && !*ended; i += r->n) {
        if (eg_cancelled(r->search->ctx))
            return eg_fail(r->error, EG_CANCELLED, "cancelled");
        *ended = i / r->n % CLOCK_BOXES == 0 && eg_seconds() > r->search->deadline;
        r->search->ended |= *ended;
        if (*ended)
            status = leave_all(r, &r->boxes, i);
        else
            status = process(r, (const eg_interval *)r->boxes.items + i);
    }
    if (status == EG_OK && (*ended || is_too_many(r))) {
        status = leave_all(r, &r->next, 0);
        r->next.count = 0;
        *ended = true;
    }
    return status;
}

eg_status eg_search_run(eg_search *search, eg_error *error)
{
    running r = {.search = search, .n = search->system->n, .error = error};
    bool ended = false;
    r.newton.system = search->system;
    eg_status status = push(&r, &r.boxes, search->outer);
    while (status == EG_OK && r.boxes.count > 0 && !ended) {
        r.next.count = 0;
        status = run_generation(&r, &ended);
        eg_growing boxes = r.boxes;
        r.boxes = r.next;
        r.next = boxes;
    }
    eg_free(r.boxes.items);
    eg_free(r.next.items);
    return status;
}

void eg_search_free(eg_search *search)
{
    eg_free(search->roots.items);
    eg_free(search->left.items);
    search->roots = search->left = (eg_growing){0};
}
