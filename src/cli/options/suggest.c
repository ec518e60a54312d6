/* SPDX-License-Identifier: MIT */
/* Finds the known name nearest to a misspelt one; explains words and options of other programs. */
#include "cli/options/suggest.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 32 }; /* bytes of the longest name that is compared */

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns the optimal string alignment distance: the number of edits (insert, delete, replace, swap
 * two neighbours) that turn `a` into `b`. Both have at most LONGEST bytes. Three rows of the
 * dynamic programming table are kept. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *here = rows[2];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        above[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        here[0] = i;
        for (size_t j = 1; j <= width; j++) {
            here[j] = min_size(above[j - 1] + (a[i - 1] != b[j - 1]),
                               min_size(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                here[j] = min_size(here[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = here;
        here = spare;
    }
    return above[width];
}

/* Returns the largest edit distance of a suggestion for a name of `length` bytes. */
static size_t max_distance(size_t length)
{
    return length < 3 ? 0 : length < 6 ? 1 : length < 11 ? 2 : 3;
}

void suggest_begin(suggestion *answer, const char *typed)
{
    *answer = (suggestion){.typed = typed, .distance = max_distance(strlen(typed)) + 1};
}

void suggest_offer(suggestion *answer, const char *name)
{
    size_t typed = strlen(answer->typed), length = strlen(name);
    if (typed == 0 || typed > LONGEST || length > LONGEST)
        return;
    /* A prefix counts as one edit. */
    size_t distance = typed >= 2 && strncmp(name, answer->typed, typed) == 0
                          ? 1
                          : edit_distance(answer->typed, name);
    if (distance < answer->distance) {
        answer->distance = distance;
        answer->nearest = name;
    }
}

/* ---- words in the place of a command --------------------------------------------------------- */

#define A_MAP      "is a map of the command terrain"
#define A_GRADIENT "is a map of the command gradient"
#define AN_OP      "is an operator of the commands gradient and edges"
#define A_FUNCTION "is what the command surface computes of a function"
#define A_DESCENT  "is what the command descent does"

/* In `example`, $I stands for the operand after the word and $O for the last one. */
static const struct {
    const char *word, *is, *example;
} words[] = {
    {"tri", A_MAP, "terrain $I --tri $O"},
    {"ruggedness", A_MAP, "terrain $I --tri $O"},
    {"tpi", A_MAP, "terrain $I --tpi $O"},
    {"roughness", A_MAP, "terrain $I --roughness $O"},
    {"curvature", A_MAP, "terrain $I --profile-curvature $O"},
    {"profile-curvature", A_MAP, "terrain $I --profile-curvature $O"},
    {"tangential-curvature", A_MAP, "terrain $I --tangential-curvature $O"},
    {"d8", A_MAP, "terrain $I --d8 $O"},
    {"dinf", A_MAP, "terrain $I --dinf $O"},
    {"steep", A_MAP, "terrain $I --steep $O --threshold 30"},
    {"slope-error", A_MAP, "terrain $I --slope-error $O --vertical-error 0.5"},
    {"aspect-error", A_MAP, "terrain $I --aspect-error $O --vertical-error 0.5"},
    {"color-relief", "is a map of gdaldem that is not here; areas between levels are",
     "contour --fill dem.tif areas.svg"},
    {"colour-relief", "is a map that is not here; areas between levels are",
     "contour --fill dem.tif areas.svg"},
    {"gdaldem", "is a program, whose modes are commands here", "slope dem.tif slope.tif"},
    {"gdal_contour", "is the command contour", "contour $I $O"},
    {"r.slope.aspect", "is a module of GRASS, whose maps the command terrain computes",
     "terrain dem.tif --slope slope.tif --aspect aspect.tif"},
    {"r.relief", "is the command hillshade", "hillshade dem.tif shade.tif"},
    {"shade", "is the command hillshade", "hillshade $I $O"},
    {"relief", "is the command hillshade", "hillshade $I $O"},
    {"canny", "is the edge detector of the command edges", "edges $I $O"},
    {"threshold", "is a method of the command edges", "edges --threshold 12/px $I $O"},
    {"sobel", AN_OP, "gradient --op sobel3 $I $O"},
    {"sobel3", AN_OP, "gradient --op sobel3 $I $O"},
    {"sobel5", AN_OP, "gradient --op sobel5 $I $O"},
    {"sobel7", AN_OP, "gradient --op sobel7 $I $O"},
    {"scharr", AN_OP, "gradient --op scharr $I $O"},
    {"prewitt", AN_OP, "gradient --op prewitt $I $O"},
    {"roberts", AN_OP, "gradient --op roberts $I $O"},
    {"central", AN_OP, "gradient --op central $I $O"},
    {"magnitude", A_GRADIENT, "gradient $I $O"},
    {"direction", A_GRADIENT, "gradient --map direction $I $O"},
    {"orientation", A_GRADIENT, "gradient --map direction $I $O"},
    {"tangent", A_FUNCTION, "surface 'x^2+y^2' --at 1,1"},
    {"hessian", A_FUNCTION, "surface 'x^2+y^2' --at 1,1"},
    {"derivative", A_FUNCTION, "surface 'x^2+y^2' --at 1,1"},
    {"diff", A_FUNCTION, "surface 'x^2+y^2' --at 1,1"},
    {"plot", "is an option of the commands surface and descent",
     "surface 'x^2+y^2' --at 1,1 --plot plot.png"},
    {"minimize", A_DESCENT, "descent 'x^2+y^2' --from 1,1"},
    {"minimise", A_DESCENT, "descent 'x^2+y^2' --from 1,1"},
    {"maximize", A_DESCENT, "descent 'x^2+y^2' --from 1,1 --maximize"},
    {"optimize", A_DESCENT, "descent 'x^2+y^2' --from 1,1"},
    {"fit", A_DESCENT, "descent --model 'a*x+b' --data table.csv --target y"},
    {"flow", A_DESCENT, "descent --field $I --from X,Y"},
    {"flow-path", A_DESCENT, "descent --field $I --from X,Y"},
    {"merge", "is the command merge-report", "merge-report a.html b.html -o all.html"},
    {"report", "is an option of the commands for rasters", "edges $I $O --report page.html"},
    {"identify", "is the command info", "info $I"},
    {"gdalinfo", "is the command info", "info $I"},
    {"version", "is the option --version", "--version"},
    {"usage", "is the option --help", "--help"},
    {"commands", "is the option --help", "--help"},
    {"man", "is an option of the command help", "help --man | man -l -"},
    {"manual", "is an option of the command help", "help --man | man -l -"},
    {"completion", "is an option of the command help", "help --completion bash"},
};

/* Writes an example with its operands in place of $I and $O. */
static void write_example(const char *example, const char *input, const char *output, char *out,
                          size_t size)
{
    size_t used = 0;
    *out = '\0';
    while (*example && used + 1 < size) {
        size_t plain = strcspn(example, "$");
        used += (size_t)snprintf(out + used, size - used, "%.*s", (int)plain, example);
        example += plain;
        if (!*example || used >= size)
            break;
        const char *operand =
            example[1] == 'I' ? (input ? input : "INPUT") : (output ? output : "OUTPUT");
        used += (size_t)snprintf(out + used, size - used, "%.200s", operand);
        example += 2;
    }
}

bool suggest_command(const char *word, const char *input, const char *output, char *out,
                     size_t size)
{
    char example[600];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(words[i].word, word) != 0)
            continue;
        write_example(words[i].example, input, output, example, sizeof example);
        snprintf(out, size, "'%s' %s: edgegrad %s", word, words[i].is, example);
        return true;
    }
    return false;
}

/* ---- options of other programs --------------------------------------------------------------- */

/* Words have no dashes before them and _ in the place of -. With a `value`, the row is about that
 * value only; the first row that fits counts. `use` is the value of edgegrad's option; NULL: that
 * of the other program's. */
static const struct {
    const char *word, *value;
    bool has_value;
    const char *option, *use;
} options[] = {
    /* GDAL */
    {"of", "GTiff", true, "format", "tiff"},
    {"of", "COG", true, "format", "tiff"},
    {"of", "PNG", true, "format", "png"},
    {"of", "JPEG", true, "format", "jpg"},
    {"of", "AAIGrid", true, "format", "asc"},
    {"of", NULL, true, "format", "NAME, such as tiff, png or asc"},
    {"s", NULL, true, "scale", NULL},
    {"xscale", NULL, true, "scale", "S, one for both directions"},
    {"yscale", NULL, true, "scale", "S, one for both directions"},
    {"z", NULL, true, "z-factor", NULL},
    {"p", NULL, false, "unit", "percent"},
    {"percent", NULL, false, "unit", "percent"},
    {"degrees", NULL, false, "unit", "degrees"},
    {"compute_edges", NULL, false, "edges", "extrapolate"},
    {"alg", "Horn", true, "derivative", "horn"},
    {"alg", "ZevenbergenThorne", true, "derivative", "zevenbergen-thorne"},
    {"alg", "Riley", true, "tri-method", "riley"},
    {"alg", "Wilson", true, "tri-method", "wilson"},
    {"alg", NULL, true, "derivative", "NAME: horn or zevenbergen-thorne"},
    {"az", NULL, true, "azimuth", NULL},
    {"alt", NULL, true, "altitude", NULL},
    {"trigonometric", NULL, false, "convention", "trigonometric"},
    {"zero_for_flat", NULL, false, "flat", "0"},
    {"b", NULL, true, "band", NULL},
    {"fl", NULL, true, "levels", NULL},
    {"dstnodata", NULL, true, "nodata", NULL},
    {"a_nodata", NULL, true, "nodata", NULL},
    {"co", "COMPRESS=DEFLATE", true, "compress", "deflate"},
    {"co", "COMPRESS=ZSTD", true, "compress", "zstd"},
    {"co", "COMPRESS=LZW", true, "compress", "lzw"},
    {"co", "COMPRESS=NONE", true, "compress", "none"},
    {"co", NULL, true, "compress", "NAME, --predictor N or --tile N"},
    /* GRASS: r.slope.aspect */
    {"zscale", NULL, true, "z-factor", NULL},
    {"pcurvature", NULL, true, "profile-curvature", NULL},
    {"tcurvature", NULL, true, "tangential-curvature", NULL},
    {"e", NULL, false, "edges", "extrapolate"},
    {"curvature", NULL, true, "profile-curvature", NULL},
    {"plan_curvature", NULL, true, "tangential-curvature", NULL},
    /* OpenCV, scikit-image, ImageMagick */
    {"ksize", "3", true, "op", "sobel3"},
    {"ksize", "5", true, "op", "sobel5"},
    {"ksize", "7", true, "op", "sobel7"},
    {"threshold1", NULL, true, "low", NULL},
    {"threshold2", NULL, true, "high", NULL},
    {"low_threshold", NULL, true, "low", NULL},
    {"high_threshold", NULL, true, "high", NULL},
    {"blur", NULL, true, "sigma", NULL},
    {"radius", NULL, true, "sigma", NULL},
    /* optimisers */
    {"lr", NULL, true, "rate", NULL},
    {"learning_rate", NULL, true, "rate", NULL},
    {"step_size", NULL, true, "rate", NULL},
    {"x0", NULL, true, "from", NULL},
    {"start", NULL, true, "from", NULL},
    {"max_iter", NULL, true, "steps", NULL},
    {"maxiter", NULL, true, "steps", NULL},
    {"iterations", NULL, true, "steps", NULL},
};

/* Values of options that other programs, and people, call by another name. */
static const struct {
    const char *option, *value, *use;
} values[] = {
    {"map", "gx", "x"},
    {"map", "gy", "y"},
    {"map", "dx", "x"},
    {"map", "dy", "y"},
    {"map", "angle", "direction"},
    {"map", "orientation", "direction"},
    {"map", "phase", "direction"},
    {"map", "norm", "magnitude"},
    {"border", "edge", "replicate"},
    {"border", "nearest", "replicate"},
    {"border", "reflect101", "reflect"},
    {"border", "reflect_101", "reflect"},
    {"border", "mirror", "reflect"},
    {"unit", "%", "percent"},
    {"unit", "rad", "radians"},
    {"op", "sobel", "sobel3"},
    {"method", "sgd", "gd"},
    {"method", "gradient-descent", "gd"},
    {"method", "bfgs", "lbfgs"},
    {"method", "l-bfgs", "lbfgs"},
};

/* Returns true if a word of the command line is the name in the table. */
static bool is_word(const char *typed, const char *name)
{
    for (; *typed && *typed != '='; typed++, name++)
        if (*name != (*typed == '-' ? '_' : *typed))
            return false;
    return !*name;
}

const char *suggest_option(const char *typed, const char *value, char *out, size_t size)
{
    const char *word = typed + strspn(typed, "-");
    if (strchr(word, '='))
        value = strchr(word, '=') + 1;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        bool fits = is_word(word, options[i].word) &&
                    (!options[i].value || (value && strcasecmp(options[i].value, value) == 0));
        if (!fits)
            continue;
        value = options[i].has_value && value ? value : "";
        const char *use = options[i].use ? options[i].use : *value ? value : "VALUE";
        snprintf(out, size, "%.*s%s%.100s: use --%s %.100s", (int)strcspn(typed, "="), typed,
                 *value ? " " : "", value, options[i].option, use);
        return options[i].option;
    }
    return NULL;
}

const char *suggest_value(const char *option, const char *text)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].option, option) == 0 && strcasecmp(values[i].value, text) == 0)
            return values[i].use;
    return NULL;
}
