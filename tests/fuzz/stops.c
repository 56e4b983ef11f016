/* Any bytes as the stop.json of a role, or, where they do not begin as one, as the only notice of one. What is refused changes
   nothing; what is taken can be read and held against an item: one notice that nobody can read would hide all the others. */
#include "app/store/stops.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/store/local.h"
#include "platform/base/json.h"
#include "tests/fuzz/fuzz.h"

static const char fuzz_first[] = "{\"format\":1,\"role\":\"national\",\"notices\":[]}";

/* The tables are made once: making them for every input would be most of the work. */
static struct store *fuzz_store(void)
{
    static struct store s;
    struct why why = { 0 };

    if (s.db.handle != NULL)
        return &s;
    enum err rc = db_open(&s.db, ":memory:", DB_CACHE, &why);
    if (rc == ERR_OK)
        rc = local_setup(&s.db, &why);
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "fuzz: %s\n", why.text);
        abort();
    }
    return &s;
}

static void fuzz_read(struct store *s, size_t *out_count)
{
    static const struct stop_item items[] = {
        { .kind = "power-supply",
          .maker = "Made-up Instruments",
          .model = "MI-30",
          .serial = "MI3001" },
        { .kind = "power-supply", .maker = "", .model = NULL, .serial = "\xc3\xa9 00/1-b" },
    };
    const struct stops *now = NULL;
    enum err rc = stops_now(s, &now, NULL);

    assert(rc == ERR_OK && now->count <= STOP_NOTICES_MAX);
    for (size_t i = 0; i < now->count; i++)
        for (size_t k = 0; k < sizeof items / sizeof *items; k++) {
            const enum stop_match m = stop_match(&now->rows[i], &items[k]);

            assert(m == STOP_OUT || m == STOP_MAYBE || m == STOP_IN);
        }
    *out_count = now->count;
}

/* The text as the source of a notice that is called «a». */
static void fuzz_wrap(struct buf *out, const uint8_t *data, size_t size)
{
    struct json_out j;
    struct buf text;

    buf_init(&text, STOP_BYTES_MAX);
    buf_add(&text, data, size);
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_int(&j, "format", 1);
    json_out_str(&j, "role", "national");
    json_out_array(&j, "notices");
    json_out_object(&j, NULL);
    json_out_str(&j, "id", "a");
    json_out_str(&j, "source", text.data != NULL ? text.data : "");
    json_out_end_object(&j);
    json_out_end_array(&j);
    json_out_end_object(&j);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct store *s = fuzz_store();
    struct buf text;
    size_t before = 0;
    size_t after = 0;

    buf_init(&text, (size_t)2 * STOP_BYTES_MAX);
    if (size > 0 && data[0] != '{')
        fuzz_wrap(&text, data, size);
    else
        buf_add(&text, data, size);
    if (!text.failed) {
        fuzz_read(s, &before);
        enum err rc =
            stops_take(&s->db, "national", text.data != NULL ? text.data : "", text.len, NULL);
        fuzz_read(s, &after);
        assert(rc == ERR_OK || rc == ERR_INPUT || rc == ERR_LIMIT);
        assert(rc == ERR_OK || before == after);
        rc = stops_take(&s->db, "national", fuzz_first, sizeof fuzz_first - 1, NULL);
        assert(rc == ERR_OK);
    }
    buf_free(&text);
    return 0;
}
