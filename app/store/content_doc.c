#include "app/store/content_layer.h"

/* A document into the index: its row, the keys that lists ask by, its codes, and its words. */

#include <math.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/doc.h"
#include "app/domain/doc_kinds.h"
#include "app/store/content_index.h"
#include "app/store/content_pack.h"
#include "app/store/find_match.h"
#include "platform/base/str.h"

enum { TEXT_DEPTH_MAX = 8 };

static void doc_join(struct buf *b, const char *const *list, size_t count, const char *between)
{
    for (size_t i = 0; i < count; i++) {
        if (b->len > 0)
            buf_str(b, between);
        buf_str(b, list[i]);
    }
}

/* ---- the row ---- */

struct doc_place {
    const char *layer, *issuer;
    enum content_rank rank;
    size_t title_words, plain_words;
};

static enum err doc_row(struct indexer *x, const char *path, const struct doc *d,
                        const struct doc_place *p, struct why *why)
{
    struct buf stages;
    struct buf subjects;
    struct db_stmt q;
    enum err rc;

    buf_init(&stages, DOC_BYTES_MAX);
    buf_init(&subjects, DOC_BYTES_MAX);
    doc_join(&stages, (const char *const *)d->stages, d->stage_count, " ");
    doc_join(&subjects, (const char *const *)d->subjects, d->subject_count, ", ");
    const char *const texts[] = {
        d->id,
        path,
        p->layer,
        d->kind,
        d->title,
        doc_text(d, "plain_title"),
        d->summary,
        p->issuer,
        stages.len == 0 ? "" : stages.data,
        subjects.len == 0 ? "" : subjects.data,
        d->revised,
        doc_text(d, "level"),
        doc_text(d, "mode"),
        d->example,
        doc_text(d, "number"),
        doc_text(d, "starts"),
        d->overrides,
    };
    q = db_prepare(
        &x->db, "insert into doc(id, file, layer, kind, title, plain_title, summary, issuer,"
                " stages, subjects, revised, level, mode, example, number, starts, overrides,"
                " rank, revision, revised_day, stale_after, hide_after, review_on, withdrawn,"
                " title_words, plain_words) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,"
                " ?26)");
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_bind_text(&q, (int)i + 1, texts[i]);
    db_bind_i64(&q, 18, (int64_t)p->rank);
    db_bind_i64(&q, 19, d->revision);
    db_bind_i64(&q, 20, d->revised_day);
    db_bind_i64(&q, 21, d->stale_after);
    db_bind_i64(&q, 22, d->hide_after);
    db_bind_i64(&q, 23, d->review_on);
    db_bind_i64(&q, 24, d->withdrawn[0] != '\0');
    db_bind_i64(&q, 25, (int64_t)p->title_words);
    db_bind_i64(&q, 26, (int64_t)p->plain_words);
    (void)db_step(&q);
    rc = db_end(&q, why);
    buf_free(&stages);
    buf_free(&subjects);
    return rc;
}

/* Of two files of one layer that have the same id, the one with the newer revision counts, else the first: an
   author who forgot to take the old file away is not shown its text. The other's words are in the search's
   index already and cannot be taken back, so its place is kept from being given out again until
   index_settle. */
static enum err doc_make_way(struct indexer *x, const char *path, const struct doc *d,
                             enum content_rank rank, struct why *why)
{
    struct db_stmt q =
        db_prepare(&x->db, "select place, file, revision from doc where id = ?1 and rank = ?2");
    const char *file = NULL;
    int64_t revision = 0;
    char place[24] = "";
    char text[512];
    enum err rc;

    db_bind_text(&q, 1, d->id);
    db_bind_i64(&q, 2, (int64_t)rank);
    if (db_step(&q)) {
        (void)str_format(place, sizeof place, "%lld", (long long)db_i64(&q, 0));
        file = db_text_in(&q, 1, &x->a);
        revision = db_i64(&q, 2);
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK || file == NULL)
        return rc;
    if (x->twice || d->revision <= revision)
        return why_set(
            why, ERR_CONFLICT, 0,
            "another file has id %s already, %s, and that one counts; change one of them", d->id,
            file);
    (void)str_format(text, sizeof text,
                     "%s: another file has id %s already, %s, and that one counts: it has the newer"
                     " revision, %d; change one of them",
                     file, d->id, path, d->revision);
    index_fault(x, text);
    return db_run(&x->db, why, "update doc set rank = -1 - place, in_force = 0 where place = ?1",
                  place, NULL);
}

static enum err doc_put_source(struct indexer *x, int64_t place, const char *source, size_t len,
                               struct why *why)
{
    char *packed = NULL;
    size_t packed_len = 0;
    struct db_stmt q;
    enum err rc = content_pack(&x->a, source, len, &packed, &packed_len, why);

    if (rc != ERR_OK)
        return rc;
    q = db_prepare(&x->db, "insert into doc_source(place, source) values (?1, ?2)");
    db_bind_i64(&q, 1, place);
    db_bind_blob(&q, 2, packed, packed_len);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* ---- keys and codes ---- */

static void doc_key_put(struct indexer *x, struct db_stmt *q, int64_t place, const char *key,
                        const char *value)
{
    (void)x;
    if (value == NULL || value[0] == '\0')
        return;
    db_again(q);
    db_bind_text(q, 1, key);
    db_bind_text(q, 2, value);
    db_bind_i64(q, 3, place);
    (void)db_step(q);
}

/* What lists ask by, and where it stands in the front matter. `inner`: the text of a map in a list. */
static const struct {
    const char *key, *front, *inner;
} doc_keys[] = {
    { .key = "relates", .front = "relates" },
    { .key = "chemicals", .front = "chemicals", .inner = "chemical" },
    { .key = "constituency", .front = "constituency" },
    { .key = "code", .front = "code" },
    { .key = "code", .front = "old_codes" },
    { .key = "number", .front = "number" },
    { .key = "starts", .front = "starts" },
    { .key = "closes_on", .front = "closes_on" },
    { .key = "role", .front = "role" },
    { .key = "series", .front = "series" },
    { .key = "course", .front = "courses" },
    { .key = "duty", .front = "duty" },
    { .key = "duty", .front = "duties" },
    { .key = "audience", .front = "audience" },
    { .key = "level", .front = "level" },
    { .key = "mode", .front = "mode" },
    { .key = "needs", .front = "needs" },
    { .key = "competence", .front = "competence" },
    { .key = "assessment_kind", .front = "assessment_kind" },
    { .key = "event_kind", .front = "event_kind" },
    { .key = "place_kind", .front = "place_kind" },
    { .key = "notice_kind", .front = "notice_kind" },
    { .key = "prerequisites", .front = "prerequisites" },
    { .key = "refreshes", .front = "refreshes" },
    { .key = "centres", .front = "centres" },
    { .key = "suits", .front = "suits" },
    { .key = "overrides", .front = "overrides" },
    { .key = "replacement", .front = "replacement" },
    { .key = "unit", .front = "bands", .inner = "unit" },
};

static void doc_node_keys(struct indexer *x, struct db_stmt *q, int64_t place, const char *key,
                          const struct doc_node *node, const char *inner)
{
    if (node == NULL)
        return;
    if (node->kind == DOC_NODE_TEXT)
        doc_key_put(x, q, place, key, node->text);
    for (size_t i = 0; node->kind == DOC_NODE_LIST && i < node->count; i++) {
        const struct doc_node *item = &node->items[i];

        doc_key_put(x, q, place, key,
                    item->kind == DOC_NODE_MAP && inner != NULL ? doc_node_text(item, inner)
                                                                : item->text);
    }
}

static enum err doc_put_keys(struct indexer *x, const struct doc *d, int64_t place, struct why *why)
{
    static const char *const lists[] = { "articles", "items" };
    struct db_stmt q =
        db_prepare(&x->db, "insert or ignore into doc_key(key, value, place) values (?1, ?2, ?3)");

    for (size_t i = 0; i < d->subject_count; i++)
        doc_key_put(x, &q, place, "subject", d->subjects[i]);
    for (size_t i = 0; i < d->stage_count; i++)
        doc_key_put(x, &q, place, "stage", d->stages[i]);
    for (size_t i = 0; i < d->equipment_count; i++)
        doc_key_put(x, &q, place, "equipment", d->equipment[i]);
    for (size_t i = 0; i < COUNT_OF(doc_keys); i++)
        doc_node_keys(x, &q, place, doc_keys[i].key, doc_get(d, doc_keys[i].front),
                      doc_keys[i].inner);
    /* What a journal's article touches, the journal's number touches. */
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct doc_node *list = doc_get(d, lists[i]);

        for (size_t j = 0; list != NULL && j < list->count; j++)
            doc_node_keys(x, &q, place, "relates", doc_node_get(&list->items[j], "relates"), NULL);
    }
    return db_end(&q, why);
}

static enum err doc_put_codes(struct indexer *x, const struct doc *d, int64_t place,
                              struct why *why)
{
    struct db_stmt q =
        db_prepare(&x->db, "insert or ignore into doc_code(code, place, cas) values (?1, ?2, ?3)");
    const struct doc_node *cas = doc_get(d, "cas");

    for (size_t i = 0; i < d->code_count + doc_node_count(cas); i++) {
        const char *code = i < d->code_count ? d->codes[i] : doc_node_at(cas, i - d->code_count);

        if (code == NULL || code[0] == '\0')
            continue;
        db_again(&q);
        db_bind_text(&q, 1, code);
        db_bind_i64(&q, 2, place);
        db_bind_i64(&q, 3, i >= d->code_count);
        (void)db_step(&q);
    }
    return db_end(&q, why);
}

/* ---- words ---- */

/* What is not for searching: dates, links, marks and ids of other things. Keys that stand here with a
   field are searched more than the text. */
static const struct {
    const char *key;
    unsigned field;
} doc_fields[] = {
    { .key = "title", .field = FIND_TITLE },
    { .key = "plain_title", .field = FIND_PLAIN },
    { .key = "keywords", .field = FIND_KEYWORD },
    { .key = "also", .field = FIND_PLAIN },
    { .key = "formula", .field = FIND_PLAIN },
    { .key = "cas", .field = FIND_KEYWORD },
    { .key = "codes", .field = FIND_PLAIN },
    { .key = "code", .field = FIND_KEYWORD },
    { .key = "old_codes", .field = FIND_KEYWORD },
    { .key = "id", .field = FIND_KEYWORD },
    { .key = "number", .field = FIND_KEYWORD },
    { .key = "name", .field = FIND_KEYWORD },
    { .key = "series", .field = FIND_SUMMARY },
    { .key = "summary", .field = FIND_SUMMARY },
    { .key = "subjects", .field = FIND_KIND },
    { .key = "stages", .field = FIND_KIND },
    { .key = "revised" },
    { .key = "revision" },
    { .key = "material" },
    { .key = "stale_after" },
    { .key = "hide_after" },
    { .key = "review_on" },
    { .key = "replacement" },
    { .key = "overrides" },
    { .key = "relates" },
    { .key = "example" },
    { .key = "confidence" },
    { .key = "source" },
    { .key = "sources" },
    { .key = "link" },
    { .key = "join_link" },
    { .key = "recording_link" },
    { .key = "calendar_link" },
    { .key = "member_only" },
    { .key = "kind" },
    { .key = "issuer_kind" },
    { .key = "level" },
    { .key = "mode" },
    { .key = "type" },
    { .key = "tick" },
    { .key = "action" },
    { .key = "ppe" },
    { .key = "signs" },
    { .key = "pictograms" },
    { .key = "author" },
    { .key = "checker" },
    { .key = "approver" },
    { .key = "as_of" },
    { .key = "constituency" },
    { .key = "latitude" },
    { .key = "longitude" },
    { .key = "email" },
    { .key = "phone" },
};

static unsigned doc_field(const char *key, unsigned otherwise)
{
    for (size_t i = 0; i < COUNT_OF(doc_fields); i++) {
        if (str_eq(doc_fields[i].key, key))
            return doc_fields[i].field;
    }
    return otherwise;
}

/* «STAC: Scottish Technicians' Advisory Council» is also called STAC. */
static void doc_short_name(struct indexer *x, uint32_t place, const char *text)
{
    const char *colon = strstr(text, ": ");
    char name[FIND_WORD_MAX];
    char *head = colon == NULL ? NULL : arena_strndup(&x->a, text, (size_t)(colon - text));

    if (head != NULL && find_name(head, name))
        find_build_word(x->find, place, name, FIND_ALSO);
}

/* Every text of the front matter; inside lists of maps a title says more than the rest. */
static void doc_node_words(struct indexer *x, uint32_t place, const struct doc_node *node,
                           unsigned field, int depth)
{
    for (size_t i = 0; i < node->count && depth < TEXT_DEPTH_MAX; i++) {
        const struct doc_node *item = &node->items[i];
        unsigned in = item->key[0] == '\0' ? field : doc_field(item->key, FIND_BODY);

        if (depth > 0 && item->key[0] != '\0' && in != 0 && in != FIND_BODY)
            in = FIND_SUMMARY;
        if (in == 0)
            continue;
        if (item->kind != DOC_NODE_TEXT) {
            doc_node_words(x, place, item, in, depth + 1);
            continue;
        }
        (void)find_build_add(x->find, place, item->text, in);
        if ((in & (FIND_TITLE | FIND_PLAIN | FIND_KEYWORD)) != 0) {
            char name[FIND_WORD_MAX];

            if (find_name(item->text, name))
                find_build_word(x->find, place, name, in);
            doc_short_name(x, place, item->text);
            find_also_text(&x->also, x->find, place, item->text, in);
        }
        if (in == FIND_SUMMARY)
            find_also_text(&x->also, x->find, place, item->text, FIND_SUMMARY);
    }
}

/* Guidance is also found by the names of the kinds of equipment that lead to it. */
static enum err doc_kind_words(struct indexer *x, const struct doc *d, uint32_t place,
                               struct why *why)
{
    struct db_stmt q = db_prepare(&x->db, "select name, plural from kind where guidance = ?1");

    db_bind_text(&q, 1, d->id);
    while (db_step(&q)) {
        (void)find_build_add(x->find, place, db_text(&q, 0), FIND_ALSO);
        (void)find_build_add(x->find, place, db_text(&q, 1), FIND_ALSO);
    }
    return db_end(&q, why);
}

static enum err doc_words(struct indexer *x, const struct doc *d, uint32_t place, struct why *why)
{
    const struct doc_kind *kind = doc_kind(d->kind);
    const char *body = "";
    enum err rc = doc_plain(&x->a, d, &body, why);

    if (rc == ERR_OK)
        rc = doc_kind_words(x, d, place, why);
    if (rc != ERR_OK)
        return rc;
    (void)find_build_add(x->find, place, d->kind, FIND_KIND);
    if (kind != NULL) {
        (void)find_build_add(x->find, place, kind->name, FIND_KIND);
        (void)find_build_add(x->find, place, kind->plural, FIND_KIND);
    }
    doc_node_words(x, place, &d->front, FIND_BODY, 0);
    (void)find_build_add(x->find, place, body, FIND_BODY);
    return ERR_OK;
}

static size_t doc_count_words(const char *text)
{
    struct find_word word;
    size_t len = strlen(text);
    size_t pos = 0;
    size_t count = 0;

    while (find_word_next(text, len, &pos, &word))
        count += find_is_stop(word.text) ? 0 : 1;
    return count;
}

enum err index_doc(struct indexer *x, const char *path, const char *source, size_t len,
                   struct why *why)
{
    const struct content_employer *employer = index_employer(x, path);
    struct doc_place p = { .layer = "" };
    struct doc d = { 0 };
    int64_t place = 0;
    enum err rc = doc_parse(&x->a, source, len, &d, why);

    if (rc == ERR_OK && (!index_id_ok(d.id) || d.title[0] == '\0'))
        rc = why_set(why, ERR_INPUT, 0, "the front matter needs a plain id and a title");
    if (rc == ERR_OK)
        rc = index_layer(x, path, &d, &p.layer, &p.rank, why);
    if (rc != ERR_OK)
        return rc;
    p.issuer = d.issuer[0] == '\0' && employer != NULL ? employer->name : d.issuer;
    p.title_words = doc_count_words(d.title);
    p.plain_words = doc_count_words(doc_text(&d, "plain_title"));
    rc = doc_make_way(x, path, &d, p.rank, why);
    if (rc == ERR_OK)
        rc = doc_row(x, path, &d, &p, why);
    if (rc == ERR_OK)
        rc = db_one_i64(&x->db, "select last_insert_rowid()", 0, &place, why);
    if (rc == ERR_OK)
        rc = doc_put_source(x, place, source, len, why);
    if (rc == ERR_OK)
        rc = doc_put_keys(x, &d, place, why);
    if (rc == ERR_OK)
        rc = doc_put_codes(x, &d, place, why);
    /* Last, because what is in the search's index cannot be taken back. */
    if (rc == ERR_OK)
        rc = doc_words(x, &d, (uint32_t)place, why);
    return rc;
}

enum err index_words(struct indexer *x, size_t place, const char *source, size_t len,
                     struct why *why)
{
    struct doc d = { 0 };
    enum err rc = doc_parse(&x->a, source, len, &d, why);

    return rc == ERR_OK ? doc_words(x, &d, (uint32_t)place, why) : rc;
}
