/* The tables and the views of the projections, in the order of their making. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct project_table {
    const char *name;
    bool view;
    const char *sql;
};
extern const struct project_table project_tables[];
extern const size_t project_table_count;
