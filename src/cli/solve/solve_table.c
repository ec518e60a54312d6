/* SPDX-License-Identifier: MIT */
/* Tables of texts with aligned columns. */
#include <stdlib.h>

#include "cli/solve/solve.h"
#include "cli/support/format.h"
#include "cli/support/text.h"

void solve_table_add(solve_table *table, char *text)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        char **cells = realloc(table->cells, capacity * sizeof *cells);
        if (!cells)
            format_no_memory();
        table->cells = cells;
        table->capacity = capacity;
    }
    table->cells[table->count++] = text;
}

void solve_table_print(const solve_table *table)
{
    enum { MOST_COLUMNS = 8 };
    size_t width[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < table->count; i++) {
        size_t here = text_width(table->cells[i]);
        size_t *most = &width[i % table->columns];
        *most = here > *most ? here : *most;
    }
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;
        bool last = column + 1 == table->columns || (width[column + 1] == 0);
        if (width[column] == 0) /* an empty column */
            continue;
        int blanks = last ? 0 : (int)(width[column] - text_width(table->cells[i])) + 2;
        printf("%s%s%*s%s", column ? "" : "  ", table->cells[i], blanks, "", last ? "\n" : "");
    }
}

void solve_table_free(solve_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
}
