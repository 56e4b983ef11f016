#include "app/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"

const char options_help[] =
    "Canny: the kiosk of a school prep room.\n"
    "\n"
    "  canny [options]                      run the kiosk\n"
    "  canny export --data DIR --format ndjson|csv [--kind KIND]\n"
    "                                       print the records\n"
    "  canny verify --data DIR              check that no record was changed or lost\n"
    "  canny person --data DIR NAME... | --person ID\n"
    "                                       print all that is known of a person, as JSON\n"
    "  canny file --data DIR [SHA256]       a picture, log or certificate of a record, to "
    "standard\n"
    "                                       output; without a hash the list of them\n"
    "  canny find --data DIR WORDS...       search the documents: id<TAB>title, best first\n"
    "  canny import --data DIR [--check] FILE.csv\n"
    "                                       take in a register from a spreadsheet; --check only\n"
    "                                       tells what is wrong with it, by row and column\n"
    "  canny import --example               print a spreadsheet to begin with\n"
    "  canny decode PICTURE...              read the barcodes in pictures\n"
    "\n"
    "Options of the kiosk\n"
    "  --data DIR          where records are kept (default: ~/.local/share/canny)\n"
    "  --hub URL           the hub's address, for joining it\n"
    "  --join CODE         join the hub with this one-time code at start\n"
    "  --content DIR       guidance, forms and kinds of equipment: a folder of them, or a signed\n"
    "                      repository (with metadata/ in it), which is verified and installed\n"
    "  --camera SOURCE     v4l2:/dev/video0 | pipe:COMMAND | files:DIR | none\n"
    "  --camera-size WxH   of the frames (pipe: raw 8-bit grey)\n"
    "  --size WxH          of the window in pixels\n"
    "  --mm WxH            of the panel in millimetres\n"
    "  --large             large letters\n"
    "  --fullscreen\n"
    "  --now TIME          start at this time, for trying things out: 2026-11-22T10:42:00Z\n"
    "  --machine-time TIME take the machine's clock to say this, with nobody to vouch for it: "
    "tests\n"
    "  --drive FILE        play a script of touches and scans, then end\n"
    "  --shots DIR         where the script's pictures go\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 done, 1 the work failed, 2 wrong usage.\n";

static bool options_size(const char *text, int max, int *w, int *h)
{
    char left[16];
    const char *x = strchr(text, 'x');
    if (x == NULL || (size_t)(x - text) >= sizeof left)
        return false;
    memcpy(left, text, (size_t)(x - text));
    left[x - text] = '\0';
    int64_t a = 0;
    int64_t b = 0;
    if (!str_to_i64(left, &a) || !str_to_i64(x + 1, &b))
        return false;
    if (a < 1 || b < 1 || a > max || b > max)
        return false;
    *w = (int)a;
    *h = (int)b;
    return true;
}

static bool options_mm(const char *text, double *w, double *h)
{
    char left[24];
    const char *x = strchr(text, 'x');
    if (x == NULL || (size_t)(x - text) >= sizeof left)
        return false;
    memcpy(left, text, (size_t)(x - text));
    left[x - text] = '\0';
    return str_to_f64(left, w) && str_to_f64(x + 1, h) && *w >= 30 && *h >= 30 && *w <= 3000 &&
           *h <= 3000;
}

enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_SIZE, OPTION_MM };
struct option_row {
    const char *name;
    enum option_kind kind;
    void *to, *to2;
};

static enum err options_value(const struct option_row *row, const char *value, struct why *why)
{
    enum { WINDOW_MAX = 16384 };
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)row->to = true;
        return ERR_OK;
    case OPTION_TEXT:
        *(const char **)row->to = value;
        return ERR_OK;
    case OPTION_SIZE:
        if (options_size(value, WINDOW_MAX, row->to, row->to2))
            return ERR_OK;
        return why_set(why, ERR_INPUT, 0, "%s %.40s: wanted WIDTHxHEIGHT, as 800x480", row->name,
                       value);
    case OPTION_MM:
        if (options_mm(value, row->to, row->to2))
            return ERR_OK;
        return why_set(why, ERR_INPUT, 0, "%s %.40s: wanted millimetres from 30 to 3000, as 154x86",
                       row->name, value);
    }
    return ERR_OK;
}

/* The folder that a person's own programs keep their data in. */
static enum err options_default_data(struct options *o, struct why *why)
{
    const char *xdg = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    bool fits = false;
    if (xdg != NULL && xdg[0] == '/')
        fits = str_format(o->home_data, sizeof o->home_data, "%s/canny", xdg);
    else if (home != NULL && home[0] == '/')
        fits = str_format(o->home_data, sizeof o->home_data, "%s/.local/share/canny", home);
    if (!fits)
        return why_set(why, ERR_INPUT, 0, "no home folder: say where records go with --data DIR");
    o->data = o->home_data;
    return ERR_OK;
}

enum err options_read(int argc, char **argv, struct options *out, struct why *why)
{
    struct options *o = out;
    *o = (struct options){ .camera = NULL };
    const struct option_row rows[] = {
        { "--data", OPTION_TEXT, &o->data, NULL },
        { "--hub", OPTION_TEXT, &o->hub, NULL },
        { "--join", OPTION_TEXT, &o->join, NULL },
        { "--content", OPTION_TEXT, &o->content, NULL },
        { "--camera", OPTION_TEXT, &o->camera, NULL },
        { "--camera-size", OPTION_SIZE, &o->camera_w, &o->camera_h },
        { "--size", OPTION_SIZE, &o->w, &o->h },
        { "--mm", OPTION_MM, &o->w_mm, &o->h_mm },
        { "--large", OPTION_FLAG, &o->large, NULL },
        { "--fullscreen", OPTION_FLAG, &o->fullscreen, NULL },
        { "--now", OPTION_TEXT, &o->now, NULL },
        { "--machine-time", OPTION_TEXT, &o->machine_now, NULL },
        { "--drive", OPTION_TEXT, &o->drive, NULL },
        { "--shots", OPTION_TEXT, &o->shots, NULL },
        { "--help", OPTION_FLAG, &o->help, NULL },
        { "--version", OPTION_FLAG, &o->version, NULL },
    };
    for (int i = 1; i < argc; i++) {
        const struct option_row *row = NULL;
        for (size_t k = 0; k < COUNT_OF(rows); k++)
            if (strcmp(argv[i], rows[k].name) == 0)
                row = &rows[k];
        if (row == NULL)
            return why_set(why, ERR_INPUT, 0, "%.60s is not an option: see canny --help", argv[i]);
        const char *value = NULL;
        if (row->kind != OPTION_FLAG && ++i == argc)
            return why_set(why, ERR_INPUT, 0, "%s wants a value: see canny --help", row->name);
        if (row->kind != OPTION_FLAG)
            value = argv[i];
        enum err rc = options_value(row, value, why);
        if (rc != ERR_OK)
            return rc;
    }
    if (o->camera == NULL) /* a script brings its own pictures */
        o->camera = o->drive == NULL ? "v4l2:/dev/video0" : "none";
    return o->data == NULL ? options_default_data(o, why) : ERR_OK;
}
