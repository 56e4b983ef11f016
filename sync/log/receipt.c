#include "sync/log/receipt.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/log/event.h"
#include "sync/log/signed.h"
#include "sync/log/stick_name.h"

static bool receipt_head_ok(const struct receipt_head *h)
{
    return hex_is(h->device, KEYS_ID_TEXT - 1) && hex_is(h->hash, KEYS_ID_TEXT - 1) && h->seq > 0 &&
           h->seq <= (uint64_t)EVENT_SEQ_MAX && h->signature != NULL;
}

static bool receipt_epoch_ok(const char *epoch)
{
    return epoch != NULL && (str_eq(epoch, "none") || stick_site_ok(epoch));
}

/* Left out where there is none. */
static void receipt_put_files(struct json_out *j, const struct receipt *r)
{
    if (r->file_count == 0)
        return;
    json_out_array(j, "files");
    for (size_t i = 0; i < r->file_count; i++)
        json_out_str(j, NULL, r->files[i]);
    json_out_end_array(j);
}

/* Left out where there is none. */
static void receipt_put_root(struct json_out *j, const struct receipt *r)
{
    if (r->root == NULL)
        return;
    json_out_object(j, "root");
    json_out_int(j, "version", r->root_version);
    json_out_str(j, "sha256", r->root);
    json_out_end_object(j);
}

static bool receipt_root_ok(const struct receipt *r)
{
    return r->root == NULL || (hex_is(r->root, KEYS_ID_TEXT - 1) && r->root_version > 0);
}

enum err receipt_make(struct arena *a, const struct receipt *r, const struct keypair *key,
                      char **out, size_t *out_len, struct why *why)
{
    struct json_out j;
    struct buf text;
    if (r->head_count > RECEIPT_HEADS_MAX)
        return why_set(why, ERR_LIMIT, 0, "receipt: more than %d devices", RECEIPT_HEADS_MAX);
    if (r->file_count > RECEIPT_FILES_MAX)
        return why_set(why, ERR_LIMIT, 0, "receipt: more than %d files", RECEIPT_FILES_MAX);
    if (!stick_site_ok(r->site) || !receipt_epoch_ok(r->epoch))
        return why_set(why, ERR_INPUT, 0, "receipt: its site or its epoch is none");
    if (!receipt_root_ok(r))
        return why_set(why, ERR_INPUT, 0, "receipt: its root is none");
    for (size_t i = 0; i < r->head_count; i++)
        if (!receipt_head_ok(&r->heads[i]))
            return why_set(why, ERR_INPUT, 0, "receipt: head %zu is none", i + 1);
    for (size_t i = 0; i < r->file_count; i++)
        if (!hex_is(r->files[i], KEYS_ID_TEXT - 1))
            return why_set(why, ERR_INPUT, 0, "receipt: file %zu is none", i + 1);

    buf_init(&text, RECEIPT_BYTES_MAX);
    json_out_init(&j, &text);
    json_out_object(&j, NULL);
    json_out_str(&j, "type", "canny.receipt");
    json_out_str(&j, "device", key->id);
    json_out_str(&j, "site", r->site);
    json_out_int(&j, "at_ms", r->at_ms);
    json_out_str(&j, "epoch", r->epoch);
    json_out_int(&j, "cursor", (int64_t)r->cursor);
    json_out_array(&j, "heads");
    for (size_t i = 0; i < r->head_count; i++) {
        const struct receipt_head *h = &r->heads[i];
        json_out_object(&j, NULL);
        json_out_str(&j, "device", h->device);
        json_out_int(&j, "seq", (int64_t)h->seq);
        json_out_str(&j, "hash", h->hash);
        if (h->signature[0] != '\0')
            json_out_str(&j, "signature", h->signature);
        json_out_end_object(&j);
    }
    json_out_end_array(&j);
    receipt_put_files(&j, r);
    receipt_put_root(&j, r);
    json_out_end_object(&j);
    enum err rc = buf_done(&text, why);
    if (rc == ERR_OK)
        rc = signed_make(a, text.data, text.len, key, out, out_len, why);
    buf_free(&text);
    return rc;
}

static enum err receipt_heads(struct arena *a, const struct json *list, struct receipt *r,
                              struct why *why)
{
    if (list == NULL || list->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "receipt: no heads");
    if (list->len > RECEIPT_HEADS_MAX)
        return why_set(why, ERR_LIMIT, 0, "receipt: more than %d devices", RECEIPT_HEADS_MAX);
    struct receipt_head *heads = arena_array(a, list->len + 1, sizeof *heads);
    if (heads == NULL)
        return why_set(why, ERR_NOMEM, 0, "receipt: no memory");
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        int64_t seq = json_int(node, "seq", 0);
        const char *signature = json_str(node, "signature");
        struct receipt_head h = { .device = json_str(node, "device"),
                                  .seq = seq > 0 ? (uint64_t)seq : 0,
                                  .hash = json_str(node, "hash"),
                                  .signature = signature == NULL ? "" : signature };
        if (!receipt_head_ok(&h))
            return why_set(why, ERR_INPUT, 0, "receipt: head %zu is none", r->head_count + 1);
        heads[r->head_count++] = h;
    }
    r->heads = heads;
    return ERR_OK;
}

static enum err receipt_files(struct arena *a, const struct json *list, struct receipt *r,
                              struct why *why)
{
    if (list == NULL)
        return ERR_OK;
    if (list->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "receipt: its files are none");
    if (list->len > RECEIPT_FILES_MAX)
        return why_set(why, ERR_LIMIT, 0, "receipt: more than %d files", RECEIPT_FILES_MAX);
    const char **files = arena_array(a, list->len + 1, sizeof *files);
    if (files == NULL)
        return why_set(why, ERR_NOMEM, 0, "receipt: no memory");
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        if (node->type != JNODE_STRING || !hex_is(node->text, KEYS_ID_TEXT - 1))
            return why_set(why, ERR_INPUT, 0, "receipt: file %zu is none", r->file_count + 1);
        files[r->file_count++] = node->text;
    }
    r->files = files;
    return ERR_OK;
}

static enum err receipt_root(const struct json *node, struct receipt *r, struct why *why)
{
    if (node == NULL)
        return ERR_OK;
    r->root = json_str(node, "sha256");
    r->root_version = json_int(node, "version", 0);
    return r->root != NULL && receipt_root_ok(r)
               ? ERR_OK
               : why_set(why, ERR_INPUT, 0, "receipt: its root is none");
}

enum err receipt_read(struct arena *a, const char *text, size_t len, struct receipt *out,
                      struct why *why)
{
    const struct json *node = NULL;
    enum err rc =
        signed_read(a, text, len, RECEIPT_BYTES_MAX, "canny.receipt", "device", &node, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "receipt");

    int64_t cursor = json_int(node, "cursor", -1);
    struct receipt r = { .device = json_str(node, "device"),
                         .site = json_str(node, "site"),
                         .at_ms = json_int(node, "at_ms", 0),
                         .epoch = json_str(node, "epoch"),
                         .cursor = cursor > 0 ? (uint64_t)cursor : 0 };
    if (r.site == NULL || !stick_site_ok(r.site) || !receipt_epoch_ok(r.epoch) || cursor < 0)
        return why_set(why, ERR_INPUT, 0, "receipt: its site, epoch or cursor is none");
    rc = receipt_heads(a, json_get(node, "heads"), &r, why);
    if (rc == ERR_OK)
        rc = receipt_files(a, json_get(node, "files"), &r, why);
    if (rc == ERR_OK)
        rc = receipt_root(json_get(node, "root"), &r, why);
    if (rc == ERR_OK)
        *out = r;
    return rc;
}

uint64_t receipt_head_of(const struct receipt *r, const char *device)
{
    for (size_t i = 0; i < r->head_count; i++)
        if (strcmp(r->heads[i].device, device) == 0)
            return r->heads[i].seq;
    return 0;
}
