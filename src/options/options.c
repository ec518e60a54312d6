/* SPDX-License-Identifier: MIT */
/* Options that are set by name, in structures that the library allocates. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/status.h"
#include "io/decimal.h"
#include "options/fields.h"

enum { TEXTS = 8 }; /* texts that a structure can hold */

struct eg_options {
    eg_context *ctx;
    const eg_option_kind *kind;
    char *texts[TEXTS];
    size_t text_count;
    void *data; /* the structure */
};

static const eg_option_kind *find_kind(const char *name)
{
    const eg_option_kind *kind = eg_option_kinds;
    while (kind->name && strcmp(kind->name, name) != 0)
        kind++;
    return kind->name ? kind : NULL;
}

const char *eg_options_kind(size_t index)
{
    size_t count = 0;
    while (eg_option_kinds[count].name)
        count++;
    return index < count ? eg_option_kinds[index].name : NULL;
}

/* Returns field `index` of a kind; NULL past the last. */
static const eg_field *field_at(const char *name, size_t index)
{
    const eg_option_kind *kind = find_kind(name);
    const eg_field *field = kind ? kind->fields : NULL;
    for (size_t i = 0; field && field->name && i < index; i++)
        field++;
    return field && field->name ? field : NULL;
}

const char *eg_option_name(const char *kind, size_t index)
{
    const eg_field *field = field_at(kind, index);
    return field ? field->name : NULL;
}

const char *eg_option_help(const char *kind, size_t index)
{
    const eg_field *field = field_at(kind, index);
    return field ? field->help : NULL;
}

const char *eg_option_choice(const char *kind, size_t index, size_t choice)
{
    const eg_field *field = field_at(kind, index);
    const eg_choice *choices = field ? field->choices : NULL;
    for (size_t i = 0; choices && choices->name && i < choice; i++)
        choices++;
    return choices ? choices->name : NULL;
}

eg_status eg_options_new(eg_options **options, eg_context *ctx, const char *kind, eg_error *error)
{
    *options = NULL;
    const eg_option_kind *found = find_kind(kind);
    if (!found)
        return eg_fail(error, EG_USAGE, "there are no options of '%.100s'", kind);
    eg_options *o = eg_calloc(ctx, 1, sizeof *o, error);
    if (!o)
        return eg_failed(error);
    o->ctx = ctx;
    o->kind = found;
    o->data = eg_calloc(ctx, 1, found->size, error);
    if (!o->data) {
        eg_free(o);
        return eg_failed(error);
    }
    found->set_default(o->data);
    *options = o;
    return EG_OK;
}

void eg_options_free(eg_options *options)
{
    if (!options)
        return;
    for (size_t i = 0; i < options->text_count; i++)
        eg_free(options->texts[i]);
    eg_free(options->data);
    eg_free(options);
}

const void *eg_options_data(const eg_options *options, const char *kind)
{
    return strcmp(options->kind->name, kind) == 0 ? options->data : NULL;
}

/* ---- values ---- */

/* A value that is being set. */
typedef struct assignment {
    eg_options *options; /* NULL: texts are not copied */
    const eg_field *field;
    const char *text;
    void *to;
    eg_error *error;
} assignment;

static eg_status refuse(const assignment *a, const char *wanted)
{
    return eg_fail(a->error, EG_USAGE, "%s: '%.100s' is not %s", a->field->name, a->text, wanted);
}

static bool read_number(const char *text, double *value)
{
    const char *end = text + strlen(text);
    return eg_decimal_read(text, end, value) == end;
}

static eg_status set_number(const assignment *a)
{
    const eg_field *f = a->field;
    double value;
    if (!read_number(a->text, &value))
        return refuse(a, "a number");
    const bool bounded = f->min < f->max;
    if (bounded && !isnan(value) && !(value >= f->min && value <= f->max))
        return eg_fail(a->error, EG_USAGE, "%s: %s is outside the range %g to %g", f->name, a->text,
                       f->min, f->max);
    if (f->type == EG_FIELD_REAL) {
        memcpy(a->to, &value, sizeof value);
        return EG_OK;
    }
    if (isnan(value) || floor(value) < value)
        return refuse(a, "a whole number");
    const int whole = (int)value;
    memcpy(a->to, &whole, sizeof whole);
    return EG_OK;
}

static eg_status set_flag(const assignment *a)
{
    const bool on = strcmp(a->text, "true") == 0 || strcmp(a->text, "1") == 0;
    if (!on && strcmp(a->text, "false") != 0 && strcmp(a->text, "0") != 0)
        return refuse(a, "true or false");
    memcpy(a->to, &on, sizeof on);
    return EG_OK;
}

static eg_status set_choice(const assignment *a)
{
    const eg_choice *choice = a->field->choices;
    char names[300] = "";
    for (size_t used = 0; choice->name && strcmp(choice->name, a->text) != 0; choice++)
        if (used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", choice->name,
                                     choice[1].name ? ", " : "");
    if (!choice->name)
        return eg_fail(a->error, EG_USAGE, "%s: '%.100s' is not one of %s", a->field->name, a->text,
                       names);
    /* Every enumeration of the interface has the size of an int. */
    memcpy(a->to, &choice->value, sizeof choice->value);
    return EG_OK;
}

static eg_status set_text(const assignment *a)
{
    eg_options *o = a->options;
    char *old;
    if (!o) { /* settings of a context, which copies them */
        memcpy(a->to, &a->text, sizeof a->text);
        return EG_OK;
    }
    memcpy(&old, a->to, sizeof old);
    size_t slot = 0;
    while (slot < o->text_count && o->texts[slot] != old)
        slot++;
    if (slot == TEXTS)
        return eg_fail(a->error, EG_USAGE, "%s: too many texts", a->field->name);
    const size_t size = strlen(a->text) + 1;
    char *copy = eg_alloc(o->ctx, 1, size, a->error);
    if (!copy)
        return eg_failed(a->error);
    memcpy(copy, a->text, size);
    if (slot < o->text_count)
        eg_free(o->texts[slot]);
    else
        o->text_count++;
    o->texts[slot] = copy;
    memcpy(a->to, &copy, sizeof copy);
    return EG_OK;
}

static eg_status set_colour(const assignment *a)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t colour[3] = {0};
    if (strlen(a->text) != 7 || a->text[0] != '#' ||
        strspn(a->text + 1, "0123456789abcdefABCDEF") != 6)
        return refuse(a, "a colour such as #ff8000");
    for (size_t i = 0; i < 6; i++) {
        const char c = a->text[1 + i];
        const char lower = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
        const unsigned digit = (unsigned)(strchr(digits, lower) - digits);
        colour[i / 2] = (uint8_t)(i % 2 ? colour[i / 2] << 4 | digit : digit);
    }
    memcpy(a->to, colour, sizeof colour);
    return EG_OK;
}

static eg_status set_size(const assignment *a)
{
    static const char suffixes[] = "KMG";
    const char *end = a->text + strlen(a->text), *suffix = NULL;
    double value;
    if (end > a->text && (suffix = strchr(suffixes, end[-1])) && *suffix)
        end--;
    if (eg_decimal_read(a->text, end, &value) != end || !(value >= 0) || floor(value) < value)
        return refuse(a, "a size such as 4096 or 2G");
    for (const char *s = suffixes; suffix && s <= suffix; s++)
        value *= 1024;
    if (value >= (double)SIZE_MAX)
        return refuse(a, "a size that this system has");
    const size_t size = (size_t)value;
    memcpy(a->to, &size, sizeof size);
    return EG_OK;
}

/* Sets an option in a structure of `kind`; `options`: its owner, see assignment. */
static eg_status set_option(const eg_option_kind *kind, void *data, eg_options *options,
                            const char *name, size_t length, const char *value, eg_error *error)
{
    static eg_status (*const set[])(const assignment *) = {
        [EG_FIELD_REAL] = set_number,   [EG_FIELD_INT] = set_number, [EG_FIELD_FLAG] = set_flag,
        [EG_FIELD_CHOICE] = set_choice, [EG_FIELD_TEXT] = set_text,  [EG_FIELD_COLOUR] = set_colour,
        [EG_FIELD_SIZE] = set_size};
    const eg_field *field = kind->fields;
    while (field->name && (strlen(field->name) != length || memcmp(field->name, name, length) != 0))
        field++;
    if (!field->name)
        return eg_fail(error, EG_USAGE, "%s has no option '%.*s'", kind->name,
                       (int)(length < 100 ? length : 100), name);
    const assignment a = {.options = options,
                          .field = field,
                          .text = value,
                          .to = (char *)data + field->offset,
                          .error = error};
    return set[field->type](&a);
}

eg_status eg_options_set(eg_options *options, const char *name, const char *value, eg_error *error)
{
    return set_option(options->kind, options->data, options, name, strlen(name), value, error);
}

eg_status eg_options_set_number(eg_options *options, const char *name, double value,
                                eg_error *error)
{
    char text[EG_DECIMAL_TEXT + 1];
    text[eg_decimal_double(text, value)] = '\0';
    return eg_options_set(options, name, text, error);
}

eg_status eg_context_new_named(eg_context **ctx, const char *const settings[], size_t count,
                               eg_error *error)
{
    eg_config config;
    eg_config_default(&config);
    *ctx = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(settings[i], '=');
        if (!equals)
            return eg_fail(error, EG_USAGE, "'%.100s' is not a setting such as threads=2",
                           settings[i]);
        const eg_status status = set_option(find_kind("config"), &config, NULL, settings[i],
                                            (size_t)(equals - settings[i]), equals + 1, error);
        if (status != EG_OK)
            return status;
    }
    return eg_context_new(ctx, &config, error);
}
