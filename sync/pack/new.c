#include "sync/pack/new.h"

#include <stdio.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "sync/pack/args.h"
#include "sync/pack/pack.h"
#include "sync/pack/repo.h"
#include "sync/update/manifest.h"

const char pack_new_help[] =
    "usage: canny-pack new FOLDER [--employer ID --name NAME --constituency CODE [--kind KIND]\n"
    "                      [--site NAME]] [--at TIME]\n"
    "       canny-pack new --repository REPOSITORY --key ROLE=FILE.pub... --online FILE.pub\n"
    "                      [--threshold ROLE=N]... [--constituency ID=CODE]... [--kind "
    "ID=KIND]...\n"
    "                      [--site ID=NAME]... [--expires DAYS] [--at TIME]\n"
    "       canny-pack new --repository REPOSITORY --from URL|FOLDER [--root FILE] [--proxy "
    "ADDRESS]\n"
    "                      [--ca FOLDER] [--at TIME]\n"
    "\n"
    "The first makes a folder to write content in: a document, a form and a table of kinds; with\n"
    "--employer the folder of a council, a sector or a school. It lints clean. Nothing is written "
    "over.\n"
    "\n"
    "The second makes a repository and stages its first root and targets for signing.\n"
    "--key ROLE=FILE.pub    who signs: root, targets, national, employers/ID, or several of them "
    "with\n"
    "                       commas; again for each person\n"
    "--threshold ROLE=N     how many of them have to (more than half)\n"
    "--online FILE.pub      the key that signs daily: the hub's (canny-hub content key), or one "
    "of\n"
    "                       canny-pack key make where there is no hub\n"
    "--constituency ID=CODE whose schools the content of employers/ID is for\n"
    "--kind ID=KIND         authority, sector or school; of a school --site ID=NAME, its name\n"
    "\n"
    "The third copies a published repository, for whoever signs a role of it: from a hub, from a "
    "web\n"
    "server (an address with / at its end), or from a folder. All of it is verified.\n"
    "--from URL|FOLDER      where it is published\n"
    "--root FILE            the root that the hub is known to go by, if you were given one\n"
    "--proxy ADDRESS        the way there: proxy.example:8080\n"
    "--ca FOLDER            certificates of authorities to trust beside the system's\n"
    "\n"
    "  canny-pack new content\n"
    "  canny-pack new council --employer example-council --name \"Example Council\" \\\n"
    "      --constituency S12000036\n"
    "  canny-pack new --repository content-repository --online hub.pub \\\n"
    "      --key root,targets,national=keys/morag.pub --key root,targets,national=keys/ailsa.pub\n";

enum { NEW_ARENA = 1024 * 1024, NEW_FILE_MAX = 16 * 1024 };

struct folder {
    const char *dir, *employer, *name, *constituency, *kind, *site;
    char day[CLOCK_ISO];
};

/* A text in YAML's double quotes. */
static void yaml_text(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
    buf_char(out, '"');
}

static void put_issuer(const struct folder *f, struct buf *out)
{
    buf_str(out, "name: ");
    yaml_text(out, f->name);
    buf_printf(out, "\nkind: %s\nconstituency: ", f->kind);
    yaml_text(out, f->constituency);
    if (f->site != NULL) {
        buf_str(out, "\nsite: ");
        yaml_text(out, f->site);
    }
    buf_str(out, "\ncontact: \"whom a school asks about this content\"\n");
}

static const char *folder_prefix(const struct folder *f)
{
    return f->employer != NULL ? f->employer : "our";
}

static void put_doc(const struct folder *f, struct buf *out)
{
    buf_printf(out,
               "---\nid: %s-first-document\nkind: guidance\n"
               "title: \"A document to start from\"\nissuer: ",
               folder_prefix(f));
    yaml_text(out, f->name != NULL ? f->name : "Who writes this");
    buf_printf(out,
               "\nsummary: \"One sentence that stands under the title in every list.\"\n"
               "revised: %s\nrevision: 1\nconfidence: verify\nkeywords: [first, example]\n---\n"
               "## What to do\n\n1. Change this text, and the words above it.\n"
               "2. Let `canny-pack lint` read it.\n\n## Why\n\n"
               "Whoever writes a second document copies this one and gives it its own id.\n",
               f->day);
}

static void put_form(const struct folder *f, struct buf *out)
{
    buf_printf(
        out,
        "survey,,,,,,,,,,,,,\n"
        ",type,name,label,hint,required,kiosk::faults,kiosk::fail_action,,,,,,\n"
        ",select_one pf,whole,Whole and clean,,yes,whole_faults,F2,,,,,,\n"
        "choices,,,,,,,,,,,,,\n,list_name,name,label,,,,,,,,,,\n,pf,pass,Pass,,,,,,,,,,\n"
        ",pf,fail,Fail,,,,,,,,,,\n,whole_faults,broken,Broken,,,,,,,,,,\n"
        ",whole_faults,other,Something else,,,,,,,,,,\n"
        "settings,,,,,,,,,,,,,\n"
        ",form_id,form_title,version,kiosk::applies_to,kiosk::interval,kiosk::basis,"
        "kiosk::basis_text,kiosk::competence,kiosk::fail_action,kiosk::retention,kiosk::source,"
        "kiosk::edition,kiosk::confidence\n"
        ",%s-first-look,A look to start from,1,%s,12m,GUIDE,\"Once a year. Your employer's own "
        "scheme or SSERC's advice comes first.\",T,F2,3y,\"who says so\",%.4s,verify\n",
        folder_prefix(f), f->employer != NULL ? "*" : "first-thing", f->day);
}

static void put_kinds(const struct folder *f, struct buf *out)
{
    buf_printf(out,
               "id,name,plural,icon,guidance,group,ends\n"
               "first-thing,A thing to start from,Things to start from,f241,%s-first-document,"
               "Examples,\n",
               folder_prefix(f));
}

static enum err folder_file(const struct folder *f, const char *name,
                            void (*put)(const struct folder *f, struct buf *out), struct why *why)
{
    char path[FS_PATH_MAX], parent[FS_PATH_MAX];
    struct buf text;
    enum err rc = fs_join(path, f->dir, name, why);

    if (rc != ERR_OK)
        return rc;
    (void)str_copy(parent, sizeof parent, path);
    *strrchr(parent, '/') = '\0';
    buf_init(&text, NEW_FILE_MAX);
    put(f, &text);
    rc = buf_done(&text, why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(parent, 0755, why);
    if (rc == ERR_OK)
        rc = fs_replace(path, text.data, text.len, 0644, why);
    if (rc == ERR_OK)
        (void)printf("%s\n", path);
    buf_free(&text);
    return rc;
}

static enum err folder_make(const struct folder *f, struct why *why)
{
    struct arena a;
    const char **names;
    char doc[FS_PATH_MAX], form[FS_PATH_MAX];
    size_t count = 0;
    enum err rc;

    arena_init(&a, NEW_ARENA);
    rc = fs_list(&a, f->dir, 1, &names, &count, NULL);
    arena_done(&a);
    if (rc != ERR_NOT_FOUND && (rc != ERR_OK || count > 0))
        return why_set(why, ERR_CONFLICT, 0,
                       "%s is there already and not empty; nothing was written", f->dir);
    (void)str_format(doc, sizeof doc, "docs/guidance/%s-first-document.md", folder_prefix(f));
    (void)str_format(form, sizeof form, "forms/%s-first-look.csv", folder_prefix(f));
    rc = folder_file(f, doc, put_doc, why);
    if (rc == ERR_OK)
        rc = folder_file(f, form, put_form, why);
    if (rc == ERR_OK)
        rc = f->employer != NULL ? folder_file(f, "issuer.yaml", put_issuer, why)
                                 : folder_file(f, "kinds.csv", put_kinds, why);
    return rc;
}

static bool plain_text(const char *text)
{
    for (; text != NULL && *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    return true;
}

static int folder_wrong(const struct folder *f)
{
    char role[TUF_PATH_MAX];

    if (f->employer == NULL)
        return f->name != NULL || f->constituency != NULL || f->site != NULL
                   ? args_wrong("new", "--name, --constituency and --site go with --employer ID")
                   : 0;
    (void)str_format(role, sizeof role, "employers/%s", f->employer);
    if (!manifest_role_ok(role))
        return args_wrong("new", "--employer takes an ID of small letters, digits and dashes");
    if (f->name == NULL || f->constituency == NULL)
        return args_wrong("new", "--employer needs --name NAME and --constituency CODE");
    if (!str_eq(f->kind, "authority") && !str_eq(f->kind, "sector") && !str_eq(f->kind, "school"))
        return args_wrong("new", "--kind takes authority, sector or school");
    if (!plain_text(f->name) || !plain_text(f->constituency) || !plain_text(f->site))
        return args_wrong("new", "a name has characters that no name has");
    return 0;
}

static int new_folder(int count, char **args)
{
    struct folder f = { 0 };
    char quoted[ARGS_QUOTED];
    const char *at = NULL;
    const struct args_option options[] = {
        { "--employer", .value = &f.employer },
        { "--name", .value = &f.name },
        { "--constituency", .value = &f.constituency },
        { "--kind", .value = &f.kind },
        { "--site", .value = &f.site },
        { "--at", .value = &at },
    };
    struct args_list words = { 0 };
    struct why why;
    int64_t at_ms;
    int status;

    if (!args_read("new", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 1)
        return args_wrong("new", "needs one FOLDER, or --repository REPOSITORY");
    if (!repo_at(at, &at_ms))
        return args_wrong("new", "--at takes a time as 2026-11-23T10:00:00Z");
    clock_iso(f.day, at_ms);
    f.day[10] = '\0';
    f.dir = words.rows[0];
    f.kind = f.kind != NULL ? f.kind : "authority";
    status = folder_wrong(&f);
    if (status != 0)
        return status;
    if (folder_make(&f, &why) != ERR_OK) {
        (void)fprintf(stderr, "canny-pack new: %s\n", why.text);
        return 1;
    }
    (void)printf("now: write in them, then canny-pack lint %s\n", args_quoted(quoted, f.dir));
    return 0;
}

int pack_new(int count, char **args)
{
    bool repository = false;

    for (int i = 0; i < count; i++) {
        if (str_starts(args[i], "--from"))
            return pack_new_from(count, args);
        repository = repository || str_starts(args[i], "--repository");
    }
    return repository ? pack_new_repository(count, args) : new_folder(count, args);
}
