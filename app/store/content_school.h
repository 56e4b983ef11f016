/* The rows of the example school, each recorded as events. Used by content_seed.c alone. */
#pragma once

#include "app/domain/caldate.h"
#include "app/domain/csv.h"
#include "app/store/content.h"
#include "app/store/store.h"

struct seed {
    struct content *content;
    struct store *store;
    struct clock *clock;
    struct arena a;
    const char *school;
    size_t lines;
};

/* A row by the names of its columns. */
struct seed_row {
    const struct csv_row *header, *row;
    size_t number;
};

/* Each takes one row; ERR_INPUT says what is wrong with it. */
enum err seed_item(struct seed *s, const struct seed_row *r, struct why *why);
enum err seed_person(struct seed *s, const struct seed_row *r, struct why *why);
enum err seed_pin(struct seed *s, const struct seed_row *r, struct why *why);
enum err seed_grant(struct seed *s, const struct seed_row *r, struct why *why);
enum err seed_check(struct seed *s, const struct seed_row *r, struct why *why);
enum err seed_adaptation(struct seed *s, const struct seed_row *r, struct why *why);
enum err seed_suggestion(struct seed *s, const struct seed_row *r, struct why *why);

/* For the rows: a cell by its column's name ("" none), the id that a name has at this school, and a day
   written as 2027-06-30 or as days from today ("" stays ""; false: neither). */
const char *seed_cell(const struct seed_row *r, const char *column);
void seed_id(const struct seed *s, const char *what, const char *name, char out[KEYS_RANDOM_ID]);
bool seed_day(struct seed *s, const char *text, char out[CALDATE_TEXT]);
