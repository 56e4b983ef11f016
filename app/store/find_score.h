/* How well each document fits what was typed. Pure: find.c brings the index and the filters. */
#pragma once

#include "app/store/content.h"
#include "app/store/find_match.h"

enum { FIND_FIELD_MASKS = 128 };

struct score {
    float total, cover;                 /* over the words so far */
    float title, plain;                 /* how much of either was typed */
    float name;                         /* how well it is called what was typed */
    float best, best_title, best_plain; /* of the word at hand */
};

struct search_kind {
    float boost;
    bool chemical, first;
};

struct search {
    const struct find_index *x;
    struct find_query *q;
    struct score *scores; /* by place; zeroed */
    uint8_t *wanted;      /* by place: passes the filters */
    uint8_t *of_unit;     /* by place: a chemical that comes in the unit that was typed */
    float weights[FIND_FIELD_MASKS];
    float all; /* what a document is worth that has every word */
    struct search_kind kinds[FIND_KINDS_MAX];
};

struct ranked {
    uint32_t place, order;
    bool first; /* of the kind that stands before all others */
    float score;
};

/* The documents that fit, best first; out has room for all of them. Returns how many. */
size_t find_score(struct search *s, const struct find_ask *ask, struct ranked *out);
