/* The inside of an open content, for the files of this module. */
#pragma once

#include "app/store/content.h"
#include "platform/base/db.h"

struct content_form_loaded {
    struct content_form_loaded *next;
    struct arena a;
    struct form form;
};

struct content {
    struct db db; /* handle NULL: nothing was ever indexed */
    struct arena a;
    struct kind *kinds;
    size_t kind_count;
    struct form_brief *forms;
    size_t form_count;
    const char **faults;
    size_t fault_count;
    struct content_form_loaded *loaded;
};
