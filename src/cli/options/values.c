/* SPDX-License-Identifier: MIT */
/* Parses option values: one function for each option type, in one table. */
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options/suggest.h"

_Static_assert(sizeof(eg_border) == sizeof(int) && sizeof(eg_gradient_map) == sizeof(int) &&
                   sizeof(eg_encoding) == sizeof(int) && sizeof(eg_slope_unit) == sizeof(int) &&
                   sizeof(eg_derivative) == sizeof(int) && sizeof(eg_method) == sizeof(int),
               "set_choice() writes enums as int");

static const char suffixes[] = "KMG";

/* Parses a finite decimal number at the start of `text`; refuses hexadecimal, "inf" and "nan". */
static bool read_real(const char *text, double *value, const char **end)
{
    const char *digits = text + (*text == '-' || *text == '+');
    bool decimal = isdigit((unsigned char)digits[digits[0] == '.']) != 0;
    if (!decimal || (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')))
        return false;
    char *stop;
    *value = strtod(text, &stop);
    *end = stop;
    return isfinite(*value);
}

size_t read_number_list(const char *text, double *numbers, size_t most)
{
    for (size_t count = 0; count < most;) {
        char *end;
        numbers[count] = strtod(text, &end);
        if (end == text || !isfinite(numbers[count]))
            return 0;
        count++;
        if (*end == '\0')
            return count;
        if (*end != ',')
            return 0;
        text = end + 1;
    }
    return 0;
}

/* Formats a size with the largest suffix that divides it: 67108864 becomes "64M". */
static void format_size(char *out, size_t size, double value)
{
    int power = 0;
    while (power < 3 && value >= 1024 && fmod(value, 1024) == 0) {
        value /= 1024;
        power++;
    }
    snprintf(out, size, power ? "%.0f%c" : "%.0f", value, power ? suffixes[power - 1] : 0);
}

void option_range(const cli_option *option, char *out, size_t size)
{
    char low[32], high[32];
    bool sizes = option->type == OPTION_SIZE || option->type == OPTION_SIZE64;
    *out = 0;
    if (option->min >= option->max) /* the type has no range */
        return;
    if (sizes) {
        format_size(low, sizeof low, option->min);
        format_size(high, sizeof high, option->max);
    } else {
        snprintf(low, sizeof low, "%.10g", option->min);
        snprintf(high, sizeof high, "%.10g", option->max);
    }
    snprintf(out, size, "%s to %s", low, high);
}

static bool in_range(const cli_option *option, double value, char *reason)
{
    if (value >= option->min && value <= option->max)
        return true;
    char range[80];
    option_range(option, range, sizeof range);
    snprintf(reason, REASON_SIZE, "is outside the range %s%s%s", range, option->unit ? " " : "",
             option->unit ? option->unit : "");
    return false;
}

/* Writes the reason of a refusal and returns false. */
static bool refuse(char *reason, const char *text)
{
    snprintf(reason, REASON_SIZE, "%s", text);
    return false;
}

static bool set_flag(const cli_option *option, const char *text, void *field, char *reason)
{
    (void)option, (void)text, (void)reason;
    *(bool *)field = true;
    return true;
}

static bool set_whole(const cli_option *option, const char *text, void *field, char *reason)
{
    double value;
    const char *end;
    if (!read_real(text, &value, &end) || *end || value != floor(value))
        return refuse(reason, "is not an integer");
    if (!in_range(option, value, reason))
        return false;
    *(int *)field = (int)value;
    return true;
}

static bool set_real(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    double value;
    if (!read_real(text, &value, &end) || *end)
        return refuse(reason, "is not a number");
    if (!in_range(option, value, reason))
        return false;
    *(double *)field = value;
    return true;
}

static bool set_number(const cli_option *option, const char *text, void *field, char *reason)
{
    if (strcmp(text, "nan") == 0) {
        *(double *)field = (double)NAN;
        return true;
    }
    return set_real(option, text, field, reason);
}

static bool set_auto(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    double value;
    if (strcmp(text, "auto") == 0) {
        *(double *)field = (double)NAN;
        return true;
    }
    if (!read_real(text, &value, &end) || *end)
        return refuse(reason, "is neither a number nor auto");
    return set_real(option, text, field, reason);
}

/* Parses a size; the option's range keeps it exact in a double. */
static bool read_size(const cli_option *option, const char *text, double *value, char *reason)
{
    const char *end;
    bool good = read_real(text, value, &end);
    if (good && *end) {
        const char *suffix = strchr(suffixes, toupper((unsigned char)*end));
        good = suffix && end[1] == 0;
        *value = good ? ldexp(*value, 10 * (int)(suffix - suffixes + 1)) : 0;
    }
    if (!good || *value != floor(*value))
        return refuse(reason, "is not a size: give an integer, with K, M or G for 1024, 1024^2 "
                              "or 1024^3");
    return in_range(option, *value, reason);
}

static bool set_size(const cli_option *option, const char *text, void *field, char *reason)
{
    double value;
    if (!read_size(option, text, &value, reason))
        return false;
    if (value > (double)SIZE_MAX)
        return refuse(reason, "is more than this machine can address");
    *(size_t *)field = (size_t)value;
    return true;
}

static bool set_size64(const cli_option *option, const char *text, void *field, char *reason)
{
    double value;
    if (!read_size(option, text, &value, reason))
        return false;
    *(uint64_t *)field = (uint64_t)value;
    return true;
}

const char *option_choice(const cli_option *option, size_t index, const char **help)
{
    if (option->names) {
        *help = option->names->help(index);
        return option->names->name(index);
    }
    if (!option->choices)
        return NULL;
    *help = option->choices[index].help;
    return option->choices[index].name;
}

/* Writes "is not one of a, b, c; did you mean b?" and returns false. */
static bool refuse_choice(const cli_option *option, const char *text, char *reason)
{
    suggestion answer;
    const char *other = suggest_value(option->name, text);
    suggest_begin(&answer, other ? other : text);
    const char *help, *name;
    size_t used = (size_t)snprintf(reason, REASON_SIZE, "is not one of ");
    for (size_t i = 0; (name = option_choice(option, i, &help)) != NULL; i++) {
        suggest_offer(&answer, name);
        if (used < REASON_SIZE)
            used +=
                (size_t)snprintf(reason + used, REASON_SIZE - used, "%s%s", i ? ", " : "", name);
    }
    if (answer.nearest && used < REASON_SIZE)
        snprintf(reason + used, REASON_SIZE - used, "; did you mean %s?", answer.nearest);
    return false;
}

static bool set_choice(const cli_option *option, const char *text, void *field, char *reason)
{
    for (const cli_choice *c = option->choices; c->name; c++)
        if (strcmp(c->name, text) == 0) {
            *(int *)field = c->value;
            return true;
        }
    return refuse_choice(option, text, reason);
}

static bool set_name(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *help, *name;
    for (size_t i = 0; (name = option_choice(option, i, &help)) != NULL; i++)
        if (strcmp(name, text) == 0) {
            *(const char **)field = name;
            return true;
        }
    return refuse_choice(option, text, reason);
}

static bool set_text(const cli_option *option, const char *text, void *field, char *reason)
{
    (void)option;
    if (!*text)
        return refuse(reason, "is empty");
    *(const char **)field = text;
    return true;
}

static bool set_texts(const cli_option *option, const char *text, void *field, char *reason)
{
    cli_texts *texts = field;
    if (texts->count == OPTION_TEXTS_LIMIT)
        return refuse(reason, "is one value too many");
    return set_text(option, text, &texts->text[texts->count], reason) && ++texts->count;
}

static bool set_threshold(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    cli_threshold *t = field;
    if (strcmp(text, "auto") == 0) {
        t->value = NAN;
        return true;
    }
    double value;
    bool good = read_real(text, &value, &end);
    if (!good || (*end && strcmp(end, "/px") != 0 && strcmp(end, "%") != 0))
        return refuse(reason,
                      "is not a threshold: give gradient in levels per pixel (12.5/px), percentile "
                      "(90%), operator response (100), or auto");
    if (!in_range(option, value, reason))
        return false;
    *t = (cli_threshold){value, *end == '/'   ? EG_UNIT_PIXEL
                                : *end == '%' ? EG_UNIT_PERCENT
                                              : EG_UNIT_RESPONSE};
    return true;
}

static bool set_percent(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    double value;
    if (!read_real(text, &value, &end) || (*end && strcmp(end, "%") != 0))
        return refuse(reason, "is not a percentage such as 5%");
    if (!in_range(option, value, reason))
        return false;
    *(double *)field = value;
    return true;
}

static bool set_length(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    double value;
    (void)option;
    if (!read_real(text, &value, &end) || (*end && strcmp(end, "%") != 0))
        return refuse(reason,
                      "is not a number of pixels (20) or a percentage of the diagonal (2%)");
    if (!(value >= 0 && value <= (*end ? 100 : 1e9)))
        return refuse(reason, *end ? "is outside the range 0% to 100%"
                                   : "is outside the range 0 to 1e9 pixels");
    *(cli_length *)field = *end ? (cli_length){0, value} : (cli_length){value, 0};
    return true;
}

static bool set_sigma(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    double value;
    (void)option;
    cli_sigma *sigma = field;
    if (strcmp(text, "auto") == 0) {
        *sigma = (cli_sigma){(double)NAN, 0};
        return true;
    }
    if (!read_real(text, &value, &end) || (*end && strcmp(end, "%") != 0))
        return refuse(reason,
                      "is not a number of pixels (2), a percentage of the diagonal (0.6%) or auto");
    const bool percent = *end == '%';
    if (value < 0 || (percent && !(value > 0 && value <= 25)))
        return refuse(reason, percent ? "is outside the range above 0% to 25%"
                                      : "is outside the range: 0 or more pixels");
    *sigma = percent ? (cli_sigma){(double)NAN, value} : (cli_sigma){value, 0};
    return true;
}

/* Parses #rgb or #rrggbb. */
static bool read_hex_colour(const char *text, uint8_t rgb[3])
{
    size_t digits = strlen(text) - (*text == '#');
    if (*text != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != digits ||
        (digits != 3 && digits != 6))
        return false;
    unsigned long value = strtoul(text + 1, NULL, 16);
    for (int i = 0; i < 3; i++)
        rgb[i] =
            (uint8_t)(digits == 6 ? value >> (16 - 8 * i) & 255 : (value >> (8 - 4 * i) & 15) * 17);
    return true;
}

#define COLOUR_NAMES                                                                               \
    "black, white, grey, red, green, blue, yellow, magenta, cyan, orange, #rgb or #rrggbb"

/* Parses a colour name or a hexadecimal colour. */
static bool read_colour(const char *text, uint8_t rgb[3])
{
    static const struct {
        const char *name, *hex;
    } names[] = {{"black", "#000"},   {"white", "#fff"}, {"grey", "#808080"},  {"gray", "#808080"},
                 {"red", "#f00"},     {"green", "#0f0"}, {"blue", "#00f"},     {"yellow", "#ff0"},
                 {"magenta", "#f0f"}, {"cyan", "#0ff"},  {"orange", "#ff8000"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i].name) == 0)
            return read_hex_colour(names[i].hex, rgb);
    return read_hex_colour(text, rgb);
}

/* A choice without a file replaces an earlier one; those with files are collected. */
static bool set_maps(const cli_option *option, const char *text, void *field, char *reason)
{
    cli_maps *maps = field;
    const size_t length = strcspn(text, "=");
    const char *path = text[length] ? text + length + 1 : NULL;
    const cli_choice *choice = option->choices;
    while (choice->name &&
           !(strlen(choice->name) == length && strncmp(choice->name, text, length) == 0))
        choice++;
    if (!choice->name)
        return refuse_choice(option, text, reason);
    if (path && !*path)
        return refuse(reason, "has no file after =");
    if (maps->count > 0 && !maps->map[0].path != !path)
        return refuse(reason, "comes with another map: either all maps have files, NAME=FILE, or "
                              "there is one map and an OUTPUT");
    if (!path)
        maps->count = 0;
    if (maps->count == OPTION_MAPS_LIMIT)
        return refuse(reason, "is one map too many");
    maps->map[maps->count].choice = choice;
    maps->map[maps->count++].path = path;
    return true;
}

static bool set_colour(const cli_option *option, const char *text, void *field, char *reason)
{
    (void)option;
    return read_colour(text, ((cli_rgb *)field)->value) ||
           refuse(reason, "is no known colour: use " COLOUR_NAMES);
}

static bool set_alpha(const cli_option *option, const char *text, void *field, char *reason)
{
    static const char over[] = "over=";
    eg_read_options *read = field;
    (void)option;
    if (strcmp(text, "ignore") == 0 || strcmp(text, "mask") == 0) {
        read->alpha = *text == 'm' ? EG_ALPHA_MASK : EG_ALPHA_IGNORE;
        return true;
    }
    if (strncmp(text, over, sizeof over - 1) != 0)
        return refuse(reason, "is neither ignore, mask nor over=COLOUR");
    if (!read_colour(text + sizeof over - 1, read->over))
        return refuse(reason, "has no known colour after over=: use " COLOUR_NAMES);
    read->alpha = EG_ALPHA_OVER;
    return true;
}

/* Parses a cell size in metres: M or X,Y. */
static bool set_cell(const cli_option *option, const char *text, void *field, char *reason)
{
    eg_ground_options *ground = field;
    const char *end;
    double x = 0;
    bool good = read_real(text, &x, &end);
    double y = x;
    if (good && *end == ',')
        good = read_real(end + 1, &y, &end);
    if (!good || *end)
        return refuse(reason, "is not a cell size: give metres, or X,Y in metres");
    if (!in_range(option, x, reason) || !in_range(option, y, reason))
        return false;
    ground->cell_x = x;
    ground->cell_y = y;
    return true;
}

/* Parses K/N. */
static bool set_shard(const cli_option *option, const char *text, void *field, char *reason)
{
    const char *end;
    double part = 0, of = 0;
    (void)option;
    bool good = read_real(text, &part, &end) && *end == '/' && read_real(end + 1, &of, &end);
    if (!good || *end || part != floor(part) || of != floor(of))
        return refuse(reason, "is not K/N, such as 3/16");
    if (of < 1 || of > 1000000 || part < 1 || part > of)
        return refuse(reason, "is out of range: K counts from 1 to N");
    *(cli_shard *)field = (cli_shard){(int)part, (int)of};
    return true;
}

static bool set_schedule(const cli_option *option, const char *text, void *field, char *reason)
{
    (void)option;
    if (eg_schedule_parse(field, text, NULL) == EG_OK)
        return true;
    return refuse(reason, "is no schedule; there are constant, inverse, inverse:A, sqrt, cosine, "
                          "step:M:F and exponential:F, as in step:100:0.5");
}

bool option_is_page(const char *text)
{
    size_t length = strlen(text);
    return (length > 5 && strcmp(text + length - 5, ".html") == 0) ||
           (length > 4 && strcmp(text + length - 4, ".htm") == 0);
}

/* `text` is empty if the option has no value. */
static bool set_report(const cli_option *option, const char *text, void *field, char *reason)
{
    cli_report *report = field;
    (void)option;
    if (*text && !option_is_page(text))
        return refuse(reason, "does not end in .html");
    if (*text)
        report->page = text;
    else
        report->print_line = true;
    return true;
}

static bool (*const setters[OPTION_TYPES])(const cli_option *option, const char *text, void *field,
                                           char *reason) = {
    [OPTION_FLAG] = set_flag,           [OPTION_WHOLE] = set_whole,     [OPTION_REAL] = set_real,
    [OPTION_NUMBER] = set_number,       [OPTION_CHOICE] = set_choice,   [OPTION_NAME] = set_name,
    [OPTION_TEXT] = set_text,           [OPTION_FILE] = set_text,       [OPTION_SIZE] = set_size,
    [OPTION_SIZE64] = set_size64,       [OPTION_ALPHA] = set_alpha,     [OPTION_CELL] = set_cell,
    [OPTION_THRESHOLD] = set_threshold, [OPTION_TEXTS] = set_texts,     [OPTION_AUTO] = set_auto,
    [OPTION_SHARD] = set_shard,         [OPTION_REPORT] = set_report,   [OPTION_INPUT] = set_text,
    [OPTION_LENGTH] = set_length,       [OPTION_PERCENT] = set_percent, [OPTION_SIGMA] = set_sigma,
    [OPTION_SCHEDULE] = set_schedule,   [OPTION_COLOUR] = set_colour,   [OPTION_MAPS] = set_maps,
};

bool option_set(const cli_option *option, cli_settings *settings, const char *text,
                char reason[REASON_SIZE])
{
    return setters[option->type](option, text, (char *)settings + option->offset, reason);
}
