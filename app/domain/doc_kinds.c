#include "app/domain/doc_kinds.h"

#include <string.h>

#include "platform/base/str.h"

#define KEYS(table) .keys = (table), .key_count = COUNT_OF(table)

static const char subjects[] = "Biology|Chemistry|Physics|Technology|Whole department";
static const char stages[] = "S1|S2|S3|N3|N4|N5|H|AH";
static const char confidence[] = "sure|likely|verify";
static const char employers[] = "authority|sector|school";

/* Keys that every kind has. */
static const struct doc_key common_keys[] = {
    { "id", DOC_KEY_TEXT, .required = true },
    { "kind", DOC_KEY_TEXT, .required = true },
    { "title", DOC_KEY_TEXT, .required = true },
    { "plain_title", DOC_KEY_TEXT },
    { "issuer", DOC_KEY_TEXT },
    { "issuer_kind", DOC_KEY_WORD, .words = "sample|national|sector|authority|school" },
    { "summary", DOC_KEY_TEXT },
    { "keywords", DOC_KEY_LIST },
    { "subjects", DOC_KEY_WORDS, .words = subjects },
    { "stages", DOC_KEY_WORDS, .words = stages },
    { "equipment", DOC_KEY_KINDS },
    { "constituency", DOC_KEY_LIST },
    { "revised", DOC_KEY_DATE },
    { "revision", DOC_KEY_INT, .min = 1, .max = 10000 },
    { "what_changed", DOC_KEY_TEXT },
    { "material", DOC_KEY_YES },
    { "stale_after", DOC_KEY_DATE },
    { "hide_after", DOC_KEY_DATE },
    { "review_on", DOC_KEY_DATE },
    { "withdrawn", DOC_KEY_TEXT },
    { "replacement", DOC_KEY_DOC },
    { "overrides", DOC_KEY_TEXT },
    { "differs", DOC_KEY_TEXT },
    { "codes", DOC_KEY_LIST },
    { "relates", DOC_KEY_RELATES },
    { "example", DOC_KEY_YES },
    { "confidence", DOC_KEY_WORD, .words = confidence },
    { "source", DOC_KEY_TEXT },
    { "link", DOC_KEY_LINK },
    { "link_text", DOC_KEY_TEXT },
    { "member_only", DOC_KEY_YES },
};

static const struct doc_key guidance_keys[] = {
    { "duty", DOC_KEY_WORDS, .words = "1|2|3|4|5|6|7|8|9" },
    { "do_nots", DOC_KEY_LIST, .max = 3 },
    { "ppe", DOC_KEY_SIGNS },
    { "signs", DOC_KEY_SIGNS },
    { "if_wrong", DOC_KEY_TEXT },
    { "who", DOC_KEY_TEXT },
};

static const struct doc_key range_keys[] = {
    { "from", DOC_KEY_TEXT, .required = true },
    { "to", DOC_KEY_TEXT, .required = true },
};
/* The keys of stops are read by stop.c. */
static const struct doc_key notice_keys[] = {
    { "in_force_from", DOC_KEY_DATE },
    { "notice_kind", DOC_KEY_WORD, .words = "law|news|recall|stop" },
    { "published", DOC_KEY_DATE },
    { "stop_kinds", DOC_KEY_KINDS },
    { "stop_makers", DOC_KEY_LIST },
    { "stop_models", DOC_KEY_LIST },
    { "stop_serials", DOC_KEY_MAPS, KEYS(range_keys) },
    { "stop_activities", DOC_KEY_DOCS },
    { "stop_chemicals", DOC_KEY_DOCS },
    { "stop_do", DOC_KEY_LIST, .max = 3, .words_max = 30 },
    { "stop_ends", DOC_KEY_DATE },
};

static const struct doc_key hazard_keys[] = {
    { "what", DOC_KEY_TEXT, .required = true },
    { "who", DOC_KEY_TEXT, .required = true },
    { "how", DOC_KEY_TEXT, .required = true },
};
static const struct doc_key control_keys[] = {
    { "text", DOC_KEY_TEXT, .required = true },
    { "type", DOC_KEY_WORD, .required = true,
      .words = "substitute|dilute|enclose|ventilate|arrange|method|ppe" },
    { "stop_point", DOC_KEY_TEXT },
};
static const struct doc_key used_chemical_keys[] = {
    { "chemical", DOC_KEY_DOC, .required = true },
    { "conc", DOC_KEY_NUMBER },
    { "unit", DOC_KEY_WORD, .words = "mol/l|%|solid|pure" },
    { "volume", DOC_KEY_TEXT },
    { "max", DOC_KEY_NUMBER },
    { "by_stage", DOC_KEY_MAP, .words = stages },
    { "makes_safe", DOC_KEY_YES }, /* it disinfects or neutralises: a weaker one is not safer */
};
static const struct doc_key equipment_keys[] = {
    { "kind", DOC_KEY_TEXT, .required = true },
    { "need", DOC_KEY_TEXT },
    { "name", DOC_KEY_TEXT },
};
static const struct doc_key emergency_keys[] = {
    { "see", DOC_KEY_TEXT, .required = true },
    { "do", DOC_KEY_TEXT, .required = true },
    { "then", DOC_KEY_TEXT },
    { "action", DOC_KEY_WORD,
      .words = "eye|skin|burn|breathing|swallowed|clothing|metal-fire|shock|cut|radiation|fire" },
};
static const struct doc_key quantity_keys[] = {
    { "what", DOC_KEY_TEXT, .required = true },
    { "each", DOC_KEY_TEXT, .required = true },
};
static const struct doc_key consideration_keys[] = {
    { "tick", DOC_KEY_WORD, .required = true,
      .words = "asthma|allergy|epilepsy|implant|pregnancy|skin|mobility|sensory|language|behaviour|"
               "new-to-lab|extra-adult|lone-teacher|consent" },
    { "adds", DOC_KEY_TEXT, .required = true },
};
static const struct doc_key matrix_keys[] = {
    { "rows", DOC_KEY_LIST, .required = true },
    { "cols", DOC_KEY_LIST, .required = true },
    { "words", DOC_KEY_GRID, .required = true },
};
static const struct doc_key assessment_keys[] = {
    { "level", DOC_KEY_WORD, .required = true, .words = "routine|care|stop-points" },
    { "mode", DOC_KEY_WORD, .required = true, .words = "pupils|demonstration|technician|staff" },
    { "do_nots", DOC_KEY_LIST, .max = 3 },
    { "hazards", DOC_KEY_MAPS, KEYS(hazard_keys) },
    { "controls", DOC_KEY_MAPS, KEYS(control_keys) },
    { "chemicals", DOC_KEY_MAPS, KEYS(used_chemical_keys) },
    { "equipment", DOC_KEY_KINDS, KEYS(equipment_keys) },
    { "ppe", DOC_KEY_SIGNS },
    { "signs", DOC_KEY_SIGNS },
    { "if_wrong", DOC_KEY_TEXT, .required = true },
    { "emergency", DOC_KEY_MAPS, KEYS(emergency_keys) },
    { "who", DOC_KEY_TEXT, .required = true },
    { "prep", DOC_KEY_LIST },
    { "prep_minutes", DOC_KEY_INT, .min = 0, .max = 10000 },
    { "disposal", DOC_KEY_LIST },
    { "quantities", DOC_KEY_MAPS, KEYS(quantity_keys) },
    { "considerations", DOC_KEY_MAPS, KEYS(consideration_keys) },
    { "rooms", DOC_KEY_WORDS,
      .words = "fume-cupboard|gas-isolation|eyewash|sink|blackout|ventilation|outdoors" },
    { "room_missing", DOC_KEY_TEXT },
    { "groups", DOC_KEY_INT, .min = 1, .max = 1000 },
    { "needs", DOC_KEY_TEXT },
    { "assessment_kind", DOC_KEY_WORD, .words = "class|prep" },
    { "source_kind", DOC_KEY_WORD, .words = "model|employer|special|supplementary" },
    { "sources", DOC_KEY_LIST },
    { "author", DOC_KEY_TEXT },
    { "checker", DOC_KEY_TEXT },
    { "approver", DOC_KEY_TEXT },
    { "approved_on", DOC_KEY_DATE },
    { "review_triggers", DOC_KEY_LIST },
    { "matrix", DOC_KEY_MAP, KEYS(matrix_keys) },
};

static const char periodicals[] = "SSERC Bulletin|The School STEM Technician";
static const struct doc_key piece_keys[] = {
    { "id", DOC_KEY_TEXT, .required = true },
    { "title", DOC_KEY_TEXT, .required = true },
    { "gist", DOC_KEY_TEXT, .required = true, .words_max = 40 },
    { "relates", DOC_KEY_RELATES },
    { "link", DOC_KEY_LINK },
    { "pages", DOC_KEY_TEXT },
    { "member_only", DOC_KEY_YES },
};
static const struct doc_key bulletin_keys[] = {
    { "series", DOC_KEY_WORD, .required = true, .words = periodicals },
    { "number", DOC_KEY_INT, .required = true, .min = 1, .max = 100000 },
    { "published", DOC_KEY_DATE, .required = true },
    { "articles", DOC_KEY_MAPS, KEYS(piece_keys) },
};
static const struct doc_key article_keys[] = {
    { "series", DOC_KEY_WORD, .words = periodicals },
    { "number", DOC_KEY_INT, .min = 1, .max = 100000 },
    { "pages", DOC_KEY_TEXT },
    { "published", DOC_KEY_DATE },
};

static const struct doc_key video_keys[] = {
    { "title", DOC_KEY_TEXT, .required = true },
    { "minutes", DOC_KEY_NUMBER },
    { "gist", DOC_KEY_TEXT, .words_max = 40 },
    { "link", DOC_KEY_LINK },
    { "relates", DOC_KEY_RELATES },
};
static const struct doc_key videos_keys[] = {
    { "items", DOC_KEY_MAPS, .required = true, KEYS(video_keys) },
    { "audience", DOC_KEY_TEXT },
};
static const struct doc_key event_keys[] = {
    { "event_kind", DOC_KEY_WORD, .required = true, .words = "tech-meet|course|award|deadline" },
    { "starts", DOC_KEY_MOMENT },
    { "ends", DOC_KEY_MOMENT },
    { "closes_on", DOC_KEY_DATE },
    { "place", DOC_KEY_TEXT },
    { "join_link", DOC_KEY_LINK },
    { "recording_link", DOC_KEY_LINK },
    { "calendar_link", DOC_KEY_LINK },
};
static const struct doc_key course_keys[] = {
    { "provider", DOC_KEY_TEXT },
    { "delivery", DOC_KEY_WORD, .words = "sserc|centre|authority|online" },
    { "scqf_level", DOC_KEY_INT, .min = 1, .max = 12 },
    { "scqf_points", DOC_KEY_INT, .min = 1, .max = 1000 },
    { "assessed", DOC_KEY_TEXT },
    { "prerequisites", DOC_KEY_DOCS },
    { "refresh_months", DOC_KEY_INT, .min = 1, .max = 1000 },
    { "refreshes", DOC_KEY_DOC },
    { "duties", DOC_KEY_WORDS, .words = "1|2|3|4|5|6|7|8|9" },
    { "centres", DOC_KEY_DOCS },
    { "waiting_list", DOC_KEY_YES },
    { "suits", DOC_KEY_WORDS, .words = "physics|chemistry|biology|workshop" },
    { "competence", DOC_KEY_TEXT },
    { "minutes", DOC_KEY_NUMBER },
    { "days", DOC_KEY_NUMBER },
};
static const struct doc_key centre_keys[] = {
    { "area", DOC_KEY_TEXT },
    { "courses", DOC_KEY_DOCS },
    { "accredited_until", DOC_KEY_DATE },
    { "qa_ref", DOC_KEY_TEXT },
    { "latitude", DOC_KEY_NUMBER, .min = -90 },
    { "longitude", DOC_KEY_NUMBER, .min = -180 },
    { "contact", DOC_KEY_TEXT },
};
static const struct doc_key scheme_keys[] = {
    { "eligible", DOC_KEY_WORDS, .words = employers },
    { "ask", DOC_KEY_WORDS, .words = employers },
    { "courses", DOC_KEY_DOCS },
    { "amount", DOC_KEY_TEXT },
    { "closes_on", DOC_KEY_DATE },
    { "evidence", DOC_KEY_LIST },
    { "conditions", DOC_KEY_LIST },
};
static const struct doc_key person_keys[] = {
    { "role", DOC_KEY_WORD, .required = true, .words = "stac|hs-adviser|rpa|rps|advice" },
    { "name", DOC_KEY_TEXT },
    { "vacant", DOC_KEY_YES },
    { "unpublished", DOC_KEY_YES },
    { "email", DOC_KEY_TEXT },
    { "phone", DOC_KEY_TEXT },
    { "as_of", DOC_KEY_DATE, .required = true },
    { "consent", DOC_KEY_YES },
    { "published_by", DOC_KEY_TEXT },
};
static const struct doc_key place_keys[] = {
    { "code", DOC_KEY_TEXT, .required = true },
    { "place_kind", DOC_KEY_WORD, .required = true, .words = employers },
    { "old_codes", DOC_KEY_LIST },
    { "ask", DOC_KEY_TEXT },
};
static const struct doc_key link_keys[] = {
    { "audience", DOC_KEY_TEXT },
    { "checked_on", DOC_KEY_DATE },
};

static const struct doc_key band_keys[] = {
    { "row", DOC_KEY_TEXT },
    { "strength", DOC_KEY_TEXT, .required = true },
    { "formula", DOC_KEY_TEXT },
    { "cas", DOC_KEY_TEXT },
    { "from", DOC_KEY_NUMBER },
    { "to", DOC_KEY_NUMBER },
    { "pct_from", DOC_KEY_NUMBER },
    { "pct_to", DOC_KEY_NUMBER },
    { "vol_from", DOC_KEY_NUMBER },
    { "vol_to", DOC_KEY_NUMBER },
    { "unit", DOC_KEY_TEXT },
    { "pictograms", DOC_KEY_SIGNS },
    { "signal", DOC_KEY_TEXT },
    { "h_codes", DOC_KEY_LIST },
    { "limit_basis", DOC_KEY_TEXT },
    { "storage", DOC_KEY_TEXT },
    { "disposal", DOC_KEY_TEXT },
    { "wel", DOC_KEY_TEXT },
    { "confidence", DOC_KEY_WORD, .required = true, .words = confidence },
    { "note", DOC_KEY_TEXT },
};
static const struct doc_key chemical_keys[] = {
    { "formula", DOC_KEY_TEXT },
    { "cas", DOC_KEY_TEXT },
    { "also", DOC_KEY_LIST },
    { "bands", DOC_KEY_MAPS, .required = true, KEYS(band_keys) },
};
static const struct doc_key organism_keys[] = {
    { "risk", DOC_KEY_TEXT },
    { "permitted", DOC_KEY_YES, .required = true },
};

/* Icons are code points of the font that app/ui/icons.h names. */
static const struct doc_kind kinds[] = {
    { "assessment", "Risk assessment", "Risk assessments", KEYS(assessment_keys), .icon = 0xf026 },
    { "guidance", "Guidance", "Guidance", KEYS(guidance_keys), .icon = 0xf5da },
    { "chemical", "Chemical", "Chemicals", KEYS(chemical_keys), .icon = 0xf096 },
    { "notice", "Notice", "Notices", KEYS(notice_keys), .icon = 0xf09a },
    { "bulletin", "Bulletin", "Bulletins", KEYS(bulletin_keys), .icon = 0xf219 },
    { "article", "Article", "Articles", KEYS(article_keys), .icon = 0xf219 },
    { "videos", "Video list", "Video lists", KEYS(videos_keys), .icon = 0xf100 },
    { "event", "Event", "Events", KEYS(event_keys), .icon = 0xf0f0 },
    { "course", "Course", "Courses", KEYS(course_keys), .icon = 0xf474 },
    { "centre", "Accredited Centre", "Accredited Centres", KEYS(centre_keys), .icon = 0xf34e },
    { "scheme", "Bursary or subsidy", "Bursaries and subsidies", KEYS(scheme_keys),
      .icon = 0xf4f9 },
    { "person", "Contact", "Contacts", KEYS(person_keys), .icon = 0xf009 },
    { "place", "Constituency", "Constituencies", KEYS(place_keys), .icon = 0xf34e },
    { "organism", "Organism", "Organisms", KEYS(organism_keys), .icon = 0xf0a7 },
    { "link", "Link", "Links", KEYS(link_keys), .icon = 0xf339 },
    { "help", "Help", "Help", NULL, 0, .icon = 0xf2d7 },
};

const struct doc_kind *doc_kind(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kinds[i].id, id))
            return &kinds[i];
    return NULL;
}

const struct doc_kind *doc_kind_at(size_t place)
{
    return place < COUNT_OF(kinds) ? &kinds[place] : NULL;
}

static const struct doc_key *key_find(const struct doc_key *keys, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(keys[i].id, id))
            return &keys[i];
    return NULL;
}

const struct doc_key *doc_kind_key(const struct doc_kind *kind, const char *id)
{
    const struct doc_key *key = NULL;

    if (kind != NULL)
        key = key_find(kind->keys, kind->key_count, id);
    for (size_t i = 0; kind == NULL && key == NULL && i < COUNT_OF(kinds); i++)
        key = key_find(kinds[i].keys, kinds[i].key_count, id);
    return key != NULL ? key : key_find(common_keys, COUNT_OF(common_keys), id);
}

const struct doc_key *doc_kind_key_at(const struct doc_kind *kind, size_t place)
{
    size_t first = kind != NULL ? 0 : COUNT_OF(kinds) - 1;

    for (size_t i = 0; i <= first; i++) {
        const struct doc_kind *in = kind != NULL ? kind : &kinds[i];

        if (place < in->key_count)
            return &in->keys[place];
        place -= in->key_count;
    }
    return place < COUNT_OF(common_keys) ? &common_keys[place] : NULL;
}

const struct doc_key *doc_key_inner(const struct doc_key *key, const char *id)
{
    static const struct doc_key any = { "", DOC_KEY_TEXT };

    if (key->type == DOC_KEY_MAP && key->key_count == 0)
        return &any;
    return key_find(key->keys, key->key_count, id);
}
