#include "sync/hub/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/code.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/content.h"
#include "sync/hub/hub.h"
#include "sync/hub/hubstore_audit.h"
#include "sync/hub/hubstore_file.h"
#include "sync/hub/options.h"
#include "sync/hub/qr.h"

#define COMMAND_URL "http://127.0.0.1:8080"

enum { COMMAND_DAYS = 7 };

int command_failed(const char *command, const struct why *why)
{
    (void)fprintf(stderr, "canny-hub %s: %s\n", command, why->text);
    return 1;
}

/* A full disk must not pass for an answer given. */
int command_said(const char *command, int status)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return status;
    (void)fprintf(stderr,
                  "canny-hub %s: write the answer to stdout: not all of it could be written\n",
                  command);
    return 1;
}

int command_usage(enum options_result r)
{
    return r == OPTIONS_HELP ? 0 : 2;
}

/* ---- enrol ---- */

static enum err command_new_code(struct hub *h, const char *site, const char *replaces,
                                 int64_t days, char out[CODE_TEXT], struct why *why)
{
    uint8_t random[CODE_LEN];
    uint8_t hash[KEYS_HASH];
    char folded[CODE_LEN + 1];
    char text[CODE_TEXT];
    struct hub_known old;
    const struct clock_now now = hub_now(h);
    const int64_t until_ms = now.wall_ms + days * 24 * 3600 * 1000;
    enum err rc = ERR_OK;

    keys_random(random, sizeof(random));
    code_make(text, random);
    if (!code_fold(folded, text))
        return why_set(why, ERR_INPUT, 0, "the code made cannot be read");
    code_hash(hash, &h->self, folded);
    if (replaces == NULL) {
        rc = hubstore_code_add(h->store, site, hash, until_ms, now, why);
    } else {
        rc = hubstore_which(h->store, &(struct hub_which){ .device = replaces, .site_name = site },
                            &old, NULL);
        if (rc != ERR_OK)
            rc = hubstore_which(
                h->store, &(struct hub_which){ .name = replaces, .site_name = site }, &old, why);
        if (rc == ERR_OK)
            rc = hubstore_code_replace(h->store, &old, hash, until_ms, now, why);
    }
    if (rc == ERR_OK)
        memcpy(out, text, sizeof(text));
    return rc;
}

bool command_text_ok(const char *text, size_t max, bool spaces)
{
    size_t len = strlen(text);

    if (len == 0 || len >= max || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < (spaces ? 0x20 : 0x21) || text[i] == 0x7f ||
            (!spaces && text[i] == '&'))
            return false;
    return true;
}

static int command_print_code(const struct hub *h, const char *url, const char *code, bool qr)
{
    char payload[512];

    (void)printf("%s\n", code);
    if (!qr)
        return 0;
    if (!str_format(payload, sizeof(payload), "CANNY-ENROL:1?hub=%s&code=%s&key=%s", url, code,
                    h->self.id)) {
        (void)fprintf(stderr, "canny-hub enrol: --url is too long for a QR code\n");
        return 1;
    }
    (void)printf("%s\n", payload);
    return qr_print(stdout, payload) ? 0 : 1;
}

int command_enrol(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *site = NULL;
    const char *url = NULL;
    char known[HUB_URL_MAX] = COMMAND_URL;
    const char *days_text = NULL;
    const char *qr = NULL;
    const char *replaces = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--site", "NAME", "the site's name; made when there is none of it", true, &site },
        { "--url", "URL",
          "the hub's address for the QR code; kept; default the one kept, else " COMMAND_URL, false,
          &url },
        { "--days", "N", "how long the code can be used; default 7, at most 90", false,
          &days_text },
        { "--replaces", "KIOSK",
          "the kiosk of that site whose place the new one takes, by its id or name: it is revoked "
          "when the code is used",
          false, &replaces },
        { "--qr", NULL, "also print the QR code's text and the QR code itself", false, &qr },
    };
    enum options_result r =
        options_read("enrol", "Prints a code that joins one kiosk to a site, once.", rows,
                     COUNT_OF(rows), argc, argv);
    int64_t days = COMMAND_DAYS;
    char code[CODE_TEXT];
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);
    if ((days_text != NULL && !str_to_i64(days_text, &days)) || days < 1 || days > 90 ||
        !command_text_ok(site, PROTO_NAME_MAX, true) || (url != NULL && !api_url_ok(url))) {
        (void)fprintf(stderr, "canny-hub enrol: --days is 1 to 90, --site at most 120 bytes, --url "
                              "http:// or https:// without blanks\n");
        return 2;
    }

    enum err rc = command_open(&where, true, &h, &why);
    if (rc == ERR_OK)
        rc = command_new_code(h, site, replaces, days, code, &why);
    if (rc == ERR_OK && url != NULL)
        rc = hubstore_url_set(h->store, url, &why);
    if (rc == ERR_OK)
        rc = hubstore_url(h->store, known, &why);
    int status = rc == ERR_OK
                     ? command_said("enrol", command_print_code(h, known, code, qr != NULL))
                     : command_not_opened("enrol", rc, &where, &why);
    command_close(h);
    return status;
}

/* ---- export and verify ---- */

static bool command_print_line(void *ctx, const struct hub_line *row)
{
    bool *failed = ctx;

    *failed = fwrite(row->line, 1, row->len, stdout) != row->len || putchar('\n') == EOF;
    return !*failed;
}

int command_export(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *site = NULL;
    const char *stick = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--site", "NAME", "only this site's lines", false, &site },
        { "--stick", "DIR",
          "puts what that site's kiosks miss, and the content, on the stick mounted there instead",
          false, &stick },
    };
    enum options_result r = options_read(
        "export", "Prints every line as it was recorded (NDJSON), in (hlc, device, seq) order.",
        rows, COUNT_OF(rows), argc, argv);
    bool failed = false;
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);

    if (stick != NULL && site == NULL) {
        (void)fprintf(stderr, "canny-hub export: --stick needs --site\n");
        return 2;
    }
    if (stick != NULL)
        return command_export_stick(&where, stick, site);

    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = hubstore_each(h->store, site, command_print_line, &failed, &why);
    if (rc == ERR_OK && (failed || fflush(stdout) != 0))
        rc =
            why_set(&why, ERR_IO, 0, "write the lines to stdout: not all of them could be written");
    command_close(h);
    return rc == ERR_OK ? 0 : command_not_opened("export", rc, &where, &why);
}

void command_print_fault(void *ctx, const char *sentence)
{
    (void)ctx;
    (void)printf("%s\n", sentence);
}

void command_print_verdict(const struct evlog_verdict *log, uint64_t faults)
{
    (void)printf("%" PRIu64 " devices, %" PRIu64 " lines, %" PRIu64 " faults", log->devices,
                 log->lines, faults);
    if (log->gaps > 0)
        (void)printf(", %" PRIu64 " gaps; the kiosks fill those", log->gaps);
    (void)printf("\n");
}

int command_verify(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *backup = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--backup", "FILE", "instead: a backup, with its keys, certificates and attachments",
          false, &backup },
    };
    enum options_result r = options_read(
        "verify",
        "Checks every line's hash, number and place in its device's chain, and\n"
        "that every attachment and every file of content is what its name says; and the console's\n"
        "audit log from its first entry to its last.",
        rows, COUNT_OF(rows), argc, argv);
    struct evlog_verdict v = { 0 };
    uint64_t files = 0;
    uint64_t file_faults = 0;
    uint64_t content_faults = 0;
    uint64_t audit_faults = 0;
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);
    if (backup != NULL)
        return command_verify_backup(backup);

    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = hubstore_verify(h->store, command_print_fault, NULL, &v, &why);
    if (rc == ERR_OK)
        rc = hubstore_files_verify(h->store, command_print_fault, NULL, &files, &file_faults, &why);
    if (rc == ERR_OK)
        rc = content_verify(h->store, command_print_fault, NULL, &files, &content_faults, &why);
    if (rc == ERR_OK)
        rc = hubstore_audit_verify(h->store, command_print_fault, NULL, &audit_faults, &why);
    v.faults += file_faults + content_faults + audit_faults;
    command_close(h);
    if (rc != ERR_OK)
        return command_not_opened("verify", rc, &where, &why);
    command_print_verdict(&v, v.faults);
    if (v.faults == 0)
        return command_said("verify", 0);
    (void)why_set(&why, ERR_CONFLICT, 0,
                  "%" PRIu64
                  " faults in the log of %s; keep it as it is and compare it with a backup "
                  "and with the kiosks",
                  v.faults, where.data != NULL ? where.data : "the database");
    (void)command_said("verify", 1);
    return command_failed("verify", &why);
}
