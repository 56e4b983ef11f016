/* A kiosk without a display or a hub, its content out of files in memory, and a person at it who follows a drive script. */
#pragma once

#include "app/app.h"
#include "app/drive.h"
#include "tests/app/store/edition_support.h"

static struct app app; /* large: not for the stack */

static inline void kiosk_open(const char *data)
{
    const struct options o = { .data = data, .camera = "none", .w = 800, .h = 480, .drive = "" };
    struct why why = { 0 };

    support_ok(app_open(&app, &o, &why), &why);
    app_start(&app);
    app.session.touched_ms = app.now.mono_ms; /* somebody stands before it */
}

static inline bool kiosk_shows(const char *part)
{
    for (size_t i = 0; i < app.tree->count; i++)
        if (strstr(app.tree->nodes[i].label, part) != NULL)
            return true;
    return false;
}

static inline void kiosk_form(struct shelf_set *s, const char *version, const char *label)
{
    char text[1024];

    (void)str_format(text, sizeof text,
                     "survey,type,name,label,required,kiosk::critical\n"
                     ",select_one pfn,flex,%s,yes,yes\n,select_one pfn,plug,Plug,yes,yes\n"
                     "choices,list_name,name,label\n"
                     ",pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"
                     "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
                     "kiosk::applies_to\n,week,Weekly look,%s,7d,GUIDE,cooker\n",
                     label, version);
    shelf_put(s, 0, "forms/week.csv", text);
}

static inline struct shelf_set *kiosk_shelf(char help[FS_PATH_MAX])
{
    struct shelf_set *s = shelf_new();
    struct why why = { 0 };

    support_ok(fs_join(help, getenv("CANNY_SOURCE"), "assets/help", &why), &why);
    s->help = help;
    s->constituency = "";
    shelf_begin(s);
    kiosk_form(s, "1", "Flex");
    return s;
}

static inline const char *kiosk_title(const char *id)
{
    static char title[160];
    struct doc doc = { 0 };
    struct arena a;

    title[0] = '\0';
    arena_init(&a, (size_t)4 * 1024 * 1024);
    if (content_doc(app.content, id, &a, &doc, NULL) == ERR_OK)
        (void)str_copy(title, sizeof title, doc.title);
    arena_done(&a);
    return title;
}

/* As the worker tells it. */
static inline void kiosk_told(void)
{
    atomic_store(&app.store_changed, true);
    app_frame(&app, NULL, 0);
    app_frame(&app, NULL, 0);
}

static inline bool kiosk_has(const char *label)
{
    for (size_t i = 0; i < app.tree->count; i++)
        if (str_eq(app.tree->nodes[i].label, label))
            return true;
    return false;
}

/* One step a line, as a person does them. */
static inline void kiosk_do(const char *steps)
{
    char dir[64], path[FS_PATH_MAX];
    struct why why = { 0 };

    support_dir(dir);
    support_ok(fs_join(path, dir, "steps.drive", &why), &why);
    support_ok(fs_replace(path, steps, strlen(steps), 0600, &why), &why);
    support_ok(drive_run(&app, path, dir, &why), &why);
    support_remove(dir);
}
