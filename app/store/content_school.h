/* The rows of the example school, each recorded as events. Used by content_seed.c alone. */
#pragma once

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
