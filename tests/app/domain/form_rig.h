/* What form tests share: a form from CSV text, answers by name, and a judgement. */
#pragma once

#include "app/domain/form.h"
#include "platform/base/arena.h"

enum { RIG_ANSWERS_MAX = 64, RIG_FILE_MAX = 1024 * 1024 };

struct form_rig {
    struct arena arena;
    struct form form;
    struct form laid;        /* as it was last judged, its repeats laid out */
    struct form_facts facts; /* of the next judgement; today is filled in */
    struct form_faults faults;
    struct form_state state;
    struct why why;
};

struct rig_answer {
    const char *field, *value;
};

/* A file of the project, by its path from the root; in the arena. Fails the test when it cannot be
   read. */
char *rig_source(struct arena *a, const char *path, size_t *out_len);

/* A survey of these rows, below
   "type,name,label,required,relevant,constraint,calculation,low,high,result,critical", with a
   pass/fail list "pfn", a list "colour" (red, green) and settings. */
void rig_csv(char *to, size_t size, const char *rows);

void rig_done(struct form_rig *rig);
/* Parses; returns form_parse's code. */
enum err rig_parse(struct form_rig *rig, const char *csv);
/* Parses rows by rig_csv and fails the test, with the first fault, when they are refused. */
void rig_form(struct form_rig *rig, const char *rows);
/* Judges answers that end with { NULL }, by names such as "v#2" inside repeats. Today is 2026-11-22
   unless the facts say otherwise. */
enum err rig_judge(struct form_rig *rig, const struct rig_answer *answers);
const struct field_state *rig_state(const struct form_rig *rig, const char *field);
