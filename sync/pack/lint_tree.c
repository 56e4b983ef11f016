#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/domain/doc.h"
#include "platform/base/str.h"
#include "sync/pack/lint.h"

enum { PICTURE_MAX = 512 * 1024, NAME_MAX_BYTES = 240, PARTS_MAX = 6 };

/* Files of programs, which nothing here can read, and what they are to be saved as. */
static const struct {
    const char *end, *as;
} foreign[] = {
    { ".xlsx", "a spreadsheet program's own file. Open it, save it as \"CSV UTF-8 (comma "
               "delimited)\", and take this one out of the folder" },
    { ".xls", "a spreadsheet program's own file. Open it, save it as \"CSV UTF-8 (comma "
              "delimited)\", and take this one out of the folder" },
    { ".ods",
      "a spreadsheet program's own file. Open it, save it as CSV with UTF-8 and commas, and "
      "take this one out of the folder" },
    { ".numbers",
      "a spreadsheet program's own file. Export it as CSV with UTF-8, and take this one "
      "out of the folder" },
    { ".docx",
      "a word processor's file. Copy its text into a plain text file that ends in .md, and "
      "take this one out of the folder" },
    { ".odt", "a word processor's file. Copy its text into a plain text file that ends in .md, and "
              "take this one out of the folder" },
    { ".doc", "a word processor's file. Copy its text into a plain text file that ends in .md, and "
              "take this one out of the folder" },
    { ".pdf",
      "a PDF, which the kiosk cannot search. Write a document (.md) of it, and take this one "
      "out of the folder" },
    { ".jpeg", "a picture under a name that nothing looks for. Let its name end in .jpg" },
    { ".gif", "a picture of a sort that the kiosk does not show. Save it as PNG, JPEG or SVG" },
    { ".webp", "a picture of a sort that the kiosk does not show. Save it as PNG, JPEG or SVG" },
    { ".heic", "a picture of a sort that the kiosk does not show. Save it as PNG, JPEG or SVG" },
};

static bool name_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

static const char *name_fault(const char *name)
{
    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++) {
        if (name_byte(*c))
            continue;
        return *c == ' '                ? "a blank"
               : *c == '\''             ? "an apostrophe"
               : *c >= 'A' && *c <= 'Z' ? "a capital letter"
               : *c >= 0x80             ? "a letter with an accent"
                                        : "a sign that is no letter or digit";
    }
    return NULL;
}

/* What it might be called instead. */
static void name_better(const char *name, char *out, size_t size)
{
    size_t len = 0;

    for (const unsigned char *c = (const unsigned char *)name; *c != '\0' && len + 1 < size; c++) {
        char put = (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);

        if (*c == ' ')
            put = '-';
        if (name_byte((unsigned char)put))
            out[len++] = put;
    }
    out[len] = '\0';
}

/* The same name has to lie on a stick, behind a web server and in a manifest. */
static bool tree_name(struct lint *l, const char *path)
{
    const char *below = lint_below(l, path);
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *fault = name_fault(name);
    size_t parts = 1;
    char better[128];

    for (const char *c = below; *c != '\0'; c++)
        parts += *c == '/' ? 1 : 0;
    if (parts > PARTS_MAX || strlen(below) > NAME_MAX_BYTES) {
        lint_say(l, path, 0,
                 "It lies too deep: at most %d folders and %d letters. Put it further up.",
                 PARTS_MAX - 1, NAME_MAX_BYTES);
        return false;
    }
    if (fault == NULL)
        return true;
    name_better(name, better, sizeof better);
    lint_say(l, path, 0, "Its name has %s in it. Call it \"%s\": small letters, digits, - and _.",
             fault, better[0] != '\0' ? better : "another-name");
    return true;
}

static bool tree_foreign(struct lint *l, const char *path)
{
    const char *dot = strrchr(path, '.');

    /* Beside the folders of the content nothing is looked for, and an author may keep what he likes. */
    if (strchr(lint_below(l, path), '/') == NULL)
        return false;
    for (size_t i = 0; dot != NULL && i < COUNT_OF(foreign); i++) {
        if (!str_eq(dot, foreign[i].end))
            continue;
        lint_say(l, path, 0, "This is %s.", foreign[i].as);
        return true;
    }
    return false;
}

static bool is_picture(const char *path)
{
    return str_ends(path, ".svg") || str_ends(path, ".png") || str_ends(path, ".jpg");
}

static size_t size_max(const char *path)
{
    return str_ends(path, ".md") ? (size_t)DOC_BYTES_MAX
           : is_picture(path)    ? (size_t)PICTURE_MAX
                                 : (size_t)FORM_BYTES_MAX;
}

static bool is_read(const char *path)
{
    return is_picture(path) || str_ends(path, ".md") || str_ends(path, ".csv") ||
           str_ends(path, ".yaml") || str_ends(path, ".json");
}

static bool tree_size(struct lint *l, const char *path, int64_t size)
{
    size_t max = size_max(path);

    if (!is_read(path))
        return true;
    if (size == 0) {
        lint_say(l, path, 0, "The file is empty. Fill it, or take it out of the folder.");
        return false;
    }
    if (size <= (int64_t)max)
        return true;
    lint_say(l, path, 0, "It is larger than %zu KiB (it has %lld), which no kiosk takes. %s",
             max / 1024, (long long)((size + 1023) / 1024),
             is_picture(path)        ? "Make the picture smaller: 1200 pixels wide are enough."
             : str_ends(path, ".md") ? "Make two documents of it."
                                     : "Make two files of it.");
    return false;
}

/* What it is by its first bytes, whatever its name says. */
static bool tree_picture(struct lint *l, const char *path)
{
    unsigned char head[8] = { 0 };
    FILE *file = fopen(path, "rb");
    size_t got = file != NULL ? fread(head, 1, sizeof head, file) : 0;
    bool svg = head[0] == '<' || head[0] == 0xef;
    bool png = got == sizeof head && memcmp(head, "\x89PNG", 4) == 0;
    bool jpg = got >= 2 && head[0] == 0xff && head[1] == 0xd8;

    if (file != NULL)
        (void)fclose(file);
    if (str_ends(path, ".svg") ? svg : str_ends(path, ".png") ? png : jpg)
        return true;
    lint_say(l, path, 0, "It is no %s picture, whatever its name says. Save it anew%s.",
             str_ends(path, ".svg")   ? "SVG"
             : str_ends(path, ".png") ? "PNG"
                                      : "JPEG",
             png   ? ", or let its name end in .png"
             : jpg ? ", or let its name end in .jpg"
                   : "");
    return true;
}

bool lint_tree(struct lint *l, const char *path, bool folder)
{
    struct stat st;

    if (lstat(path, &st) != 0) {
        lint_say(l, path, 0, "It cannot be read: %s. Look whether it is still there.",
                 strerror(errno));
        return false;
    }
    /* A link leads to nothing on another machine, and out of the folder on this one. */
    if (S_ISLNK(st.st_mode)) {
        lint_say(l, path, 0, "This is a link to another place. Put the file itself here.");
        return false;
    }
    if (!tree_name(l, path))
        return false;
    if (folder)
        return true;
    if (!S_ISREG(st.st_mode)) {
        lint_say(l, path, 0, "This is no file. Take it out of the folder.");
        return false;
    }
    if (tree_foreign(l, path) || !tree_size(l, path, st.st_size))
        return false;
    return !is_picture(path) || tree_picture(l, path);
}
