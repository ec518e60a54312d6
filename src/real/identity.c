/* SPDX-License-Identifier: MIT */
/*
 * Identities: a number is 0 if its operations cancel whatever the values of sines, exponentials and
 * other transcendental operations in it are, as in sin(1) - sin(1)^2/sin(1). The test evaluates the
 * operations modulo the prime 2^61 - 1 with random elements in place of the transcendental ones
 * (Schwartz 1980, Zippel 1979). Each trial passes a number that is not 0 with a probability below
 * its degree / 2^61, so three trials leave less than 2^-100 for degrees up to 2^27.
 *
 * A root is one of the two square roots of its element, with a random sign, because sqrt(a^2) - a
 * is 0 for one sign only. With k roots a trial therefore passes a number that is not 0 with a
 * probability of up to 1 - 2^-k, and there are so many trials that less than 2^-60 is left. Beyond
 * MOST_ROOTS, roots are random elements like sines.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "real/real.h"

static const uint64_t prime = (UINT64_C(1) << 61) - 1;

enum { MOST_ROOTS = 3 };

/* Trials that must pass by the number of roots; an attempt has all roots with probability 2^-k. */
static const unsigned trials_of[MOST_ROOTS + 1] = {3, 60, 145, 312};

/* ---- arithmetic modulo the prime ---- */

static uint64_t multiply(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t sum = (uint64_t)(product & prime) + (uint64_t)(product >> 61);
    return sum >= prime ? sum - prime : sum;
}

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;
    return sum >= prime ? sum - prime : sum;
}

static uint64_t negate(uint64_t a)
{
    return a ? prime - a : 0;
}

static uint64_t power(uint64_t base, uint64_t exponent)
{
    uint64_t result = 1;
    for (; exponent; exponent >>= 1) {
        result = exponent & 1 ? multiply(result, base) : result;
        base = multiply(base, base);
    }
    return result;
}

static uint64_t invert(uint64_t a)
{
    return power(a, prime - 2);
}

/* Returns a double as an element: m * 2^e. */
static uint64_t element_of(double value)
{
    int exponent;
    double mantissa = frexp(fabs(value), &exponent);
    uint64_t integer = (uint64_t)ldexp(mantissa, 53);
    exponent = ((exponent - 53) % 61 + 61) % 61; /* 2^61 is 1 */
    uint64_t result = multiply(integer, UINT64_C(1) << exponent);
    return value < 0 ? negate(result) : result;
}

/* Returns a decimal literal as an element. */
static uint64_t element_of_literal(const char *text)
{
    uint64_t result = 0;
    long decimals = 0, exponent = 0;
    bool after_point = false;
    for (; *text && *text != 'e' && *text != 'E'; text++) {
        if (*text == '.') {
            after_point = true;
            continue;
        }
        result = add(multiply(result, 10), (uint64_t)(*text - '0'));
        decimals += after_point;
    }
    if (*text)
        exponent = strtol(text + 1, NULL, 10);
    exponent -= decimals;
    uint64_t scale = power(10, (uint64_t)labs(exponent));
    return multiply(result, exponent < 0 ? invert(scale) : scale);
}

/* ---- elements of numbers ---- */

typedef struct trial {
    const eg_reals *reals;
    uint64_t *elements; /* by node */
    uint64_t seed;
    bool has_roots; /* roots are square roots of their elements, else random */
    bool failed;    /* a division by 0, or a root that has no element */
} trial;

/* Returns the random element of a key (splitmix64, Steele, Lea and Flood 2014). */
static uint64_t random_element(const trial *t, uint64_t key)
{
    uint64_t z = t->seed + key * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % prime;
}

static uint64_t divide(trial *t, uint64_t a, uint64_t b)
{
    t->failed |= b == 0;
    return multiply(a, invert(b));
}

/* Returns a square root of random sign for node `id`; there is one for half of the elements. */
static uint64_t square_root(trial *t, eg_id id, uint64_t a)
{
    uint64_t random = random_element(t, 4 * (uint64_t)id);
    if (!t->has_roots)
        return random;
    uint64_t root = power(a, (prime + 1) / 4);
    t->failed |= multiply(root, root) != a;
    return random & 1 ? negate(root) : root;
}

/* Returns sine and cosine of argument `arg`: a random point of the unit circle. */
static void circle_point(trial *t, eg_id arg, uint64_t *sine, uint64_t *cosine)
{
    uint64_t u = random_element(t, 4 * (uint64_t)arg + 1), square = multiply(u, u);
    uint64_t scale = divide(t, 1, add(1, square));
    *sine = multiply(add(u, u), scale);
    *cosine = multiply(add(1, negate(square)), scale);
}

/* Returns sinh and cosh of argument `arg` from its random exponential. */
static void hyperbola_point(trial *t, eg_id arg, uint64_t *sine, uint64_t *cosine)
{
    uint64_t w = random_element(t, 4 * (uint64_t)arg + 2), inverse = divide(t, 1, w);
    uint64_t half = invert(2);
    *sine = multiply(add(w, negate(inverse)), half);
    *cosine = multiply(add(w, inverse), half);
}

static uint64_t call_element(trial *t, eg_id id, eg_function_id f, const eg_id *args)
{
    uint64_t a = t->elements[args[0]], sine, cosine;
    int sign = t->reals->balls->compare(&t->reals->values[args[0]].ball, 0);
    switch (f) {
    case EG_F_SQRT:
        return square_root(t, id, a);
    case EG_F_ABS:
        return sign == EG_UNSURE ? random_element(t, 4 * (uint64_t)id) : sign < 0 ? negate(a) : a;
    case EG_F_SIN:
    case EG_F_COS:
    case EG_F_TAN:
        circle_point(t, args[0], &sine, &cosine);
        return f == EG_F_SIN ? sine : f == EG_F_COS ? cosine : divide(t, sine, cosine);
    case EG_F_SINH:
    case EG_F_COSH:
    case EG_F_TANH:
        hyperbola_point(t, args[0], &sine, &cosine);
        return f == EG_F_SINH ? sine : f == EG_F_COSH ? cosine : divide(t, sine, cosine);
    case EG_F_EXP:
        return random_element(t, 4 * (uint64_t)args[0] + 2);
    case EG_F_EXPM1:
        return add(random_element(t, 4 * (uint64_t)args[0] + 2), prime - 1);
    case EG_F_HYPOT: {
        uint64_t b = t->elements[args[1]];
        return square_root(t, id, add(multiply(a, a), multiply(b, b)));
    }
    default:
        return random_element(t, 4 * (uint64_t)id);
    }
}

static uint64_t operation_element(trial *t, eg_id id, const eg_node *node, const eg_id *args)
{
    uint64_t a = t->elements[args[0]], b = t->elements[args[node->count - 1]], sine, cosine;
    switch (node->kind) {
    case EG_OP_ADD:
        return add(a, b);
    case EG_OP_SUB:
        return add(a, negate(b));
    case EG_OP_MUL:
        return multiply(a, b);
    case EG_OP_DIV:
        return divide(t, a, b);
    case EG_OP_NEG:
        return negate(a);
    case EG_OP_SQUARE:
        return multiply(a, a);
    case EG_OP_POWI:
        return power(a, node->index);
    case EG_OP_POWH:
        return multiply(power(a, node->index), square_root(t, id, a));
    case EG_OP_ONE_MINUS_SQUARE:
        return add(1, negate(multiply(a, a)));
    case EG_OP_WHEN: /* a condition is 0 or 1 */
        return multiply(a, b);
    case EG_OP_SECH2:
        hyperbola_point(t, args[0], &sine, &cosine);
        return divide(t, 1, multiply(cosine, cosine));
    default:
        if (node->kind >= EG_CALL && node->kind < EG_CALL + EG_FUNCTIONS)
            return call_element(t, id, (eg_function_id)(node->kind - EG_CALL), args);
        return random_element(t, 4 * (uint64_t)id);
    }
}

static uint64_t element(trial *t, eg_id id)
{
    const eg_graph *graph = &t->reals->graph;
    const eg_node *node = &graph->nodes[id];
    const eg_real_value *value = &t->reals->values[id];
    int64_t integer;
    if (value->exact && t->reals->balls->unique_integer(&value->ball, &integer))
        return element_of((double)integer);
    if (node->kind == EG_NUMBER) {
        const char *literal = eg_literal(graph, node);
        uint64_t num = literal ? element_of_literal(literal) : element_of(node->number.num);
        return node->number.den == 1 ? num : divide(t, num, element_of(node->number.den));
    }
    if (node->kind == EG_CONSTANT) /* tau is 2 pi */
        return multiply(random_element(t, 4 * (uint64_t)(node->index == EG_E) + 3),
                        node->index == EG_TAU ? 2 : 1);
    return node->count ? operation_element(t, id, node, eg_args(graph, id))
                       : random_element(t, 4 * (uint64_t)id);
}

/* Sets needed[] for the node and all that it depends on, up to numbers that are known exactly. */
static void mark_dependencies(const eg_reals *reals, eg_id id, bool *needed)
{
    memset(needed, 0, (size_t)id + 1);
    needed[id] = true;
    for (eg_id k = id + 1; k-- > 0;)
        for (uint32_t i = 0; needed[k] && i < reals->graph.nodes[k].count; i++)
            if (!reals->values[k].exact)
                needed[eg_args(&reals->graph, k)[i]] = true;
}

static unsigned count_roots(const eg_reals *reals, eg_id id, const bool *needed)
{
    unsigned count = 0;
    for (eg_id k = 0; k <= id; k++) {
        unsigned kind = reals->graph.nodes[k].kind;
        bool root =
            kind == EG_CALL + EG_F_SQRT || kind == EG_CALL + EG_F_HYPOT || kind == EG_OP_POWH;
        count += needed[k] && root && !reals->values[k].exact;
    }
    return count;
}

bool eg_real_is_identity(eg_reals *reals, eg_id id)
{
    uint64_t *elements = eg_alloc(reals->ctx, (size_t)id + 1, sizeof *elements, NULL);
    if (!elements) {
        eg_reals_exhaust(reals, EG_NO_MEMORY);
        return false;
    }
    mark_dependencies(reals, id, reals->marked);
    unsigned roots = count_roots(reals, id, reals->marked), passed = 0;
    bool has_roots = roots <= MOST_ROOTS;
    unsigned trials = trials_of[has_roots ? roots : 0],
             attempts = (trials << (has_roots ? roots : 0)) * 2 + 20;
    for (uint64_t attempt = 1; attempt <= attempts && passed < trials; attempt++) {
        trial t = {reals, elements, attempt * UINT64_C(0xD1342543DE82EF95), has_roots, false};
        for (eg_id k = 0; k <= id; k++)
            if (reals->marked[k])
                elements[k] = element(&t, k);
        if (t.failed)
            continue;
        if (elements[id] != 0)
            break;
        passed++;
    }
    eg_free(elements);
    return passed == trials;
}
