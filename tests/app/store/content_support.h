/* A small content folder in a temporary place. */
#pragma once

#include "tests/app/store/support.h"

#include <sys/stat.h>

#include "app/store/content.h"

struct content_folder {
    char dir[64];
};

static inline void folder_put(struct content_folder *f, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    (void)str_format(path, sizeof path, "%s/%s", f->dir, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void folder_form(struct content_folder *f, const char *file, const char *id,
                               const char *title, const char *interval)
{
    char text[1024];

    (void)str_format(text, sizeof text,
                     "survey,type,name,label,required,kiosk::critical\n"
                     ",select_one pfn,flex,Flex,yes,yes\n"
                     "choices,list_name,name,label\n"
                     ",pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"
                     "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
                     "kiosk::applies_to\n"
                     ",%s,%s,1,%s,GUIDE,cooker\n",
                     id, title, interval);
    folder_put(f, file, text);
}

static inline void folder_doc(struct content_folder *f, const char *file, const char *id,
                              const char *title, const char *keywords, const char *body)
{
    char text[2048];

    (void)str_format(
        text, sizeof text,
        "---\nid: %s\nkind: guidance\ntitle: %s\nissuer: Test\nsummary: A page.\n"
        "revised: 2026-11-20\nexample: \"yes\"\nsubjects: [Chemistry]\nstages: [S1, S2]\n"
        "equipment: []\nkeywords: [%s]\n---\n%s\n",
        id, title, keywords, body);
    folder_put(f, file, text);
}

static inline void folder_open(struct content_folder *f)
{
    static const char *const dirs[] = { "forms", "docs", "docs/deep", "school" };

    support_dir(f->dir);
    for (size_t i = 0; i < COUNT_OF(dirs); i++) {
        char path[96];

        (void)str_format(path, sizeof path, "%s/%s", f->dir, dirs[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    folder_put(f, "kinds.csv",
               "id,name,plural,icon,guidance\n"
               "cooker,Pressure cooker,Pressure cookers,f65a,magnesium\n"
               "chair,Chair,Chairs,f1,\n");
    folder_form(f, "forms/week.csv", "week", "Weekly look", "7d");
    folder_doc(f, "docs/magnesium.md", "magnesium", "Burning magnesium", "ribbon, flare",
               "## What to do\n\nLook away from the light. Use a *crucible*.");
    folder_doc(f, "docs/deep/cafe.md", "cafe", "Café in the lab", "food",
               "No eating. The word magnesium is far down here.");
}

static inline void folder_close(struct content_folder *f)
{
    support_remove(f->dir);
}

static inline struct content *folder_content(struct content_folder *f, struct support_store *t)
{
    struct content *c = NULL;
    const char *const *faults = NULL;
    struct why why = { 0 };

    support_ok(content_open(t->dir, f->dir, &c, &why), &why);
    if (content_faults(c, &faults) > 0)
        fail_msg("content: %s", faults[0]);
    return c;
}

/* A store beside the small folder's content: what most cases about screens' questions begin with. */
struct stocked {
    struct support_store t;
    struct content_folder f;
    struct content *c;
};

static inline void stocked_open(struct stocked *s)
{
    support_open(&s->t);
    folder_open(&s->f);
    s->c = folder_content(&s->f, &s->t);
}

static inline void stocked_close(struct stocked *s)
{
    content_close(s->c);
    folder_close(&s->f);
    support_close(&s->t);
}
