#include "app/domain/hazard_code.h"

#include <stdbool.h>

#include "platform/base/str.h"

/* What makes an exclamation mark give way to a graver sign. */
enum hazard_why {
    WHY_OTHER,
    WHY_IRRITANT, /* skin or eyes */
    WHY_SKIN_ALLERGY,
    WHY_CORROSIVE, /* burns skin or eyes */
    WHY_BREATH_ALLERGY,
};

/* signal: what the code asks for at the least; H272 stands for a graver class too, with «Danger». */
struct hazard_row {
    const char *code;
    const char *words;
    unsigned char pictogram; /* 1-9; 0 none */
    enum hazard_signal signal;
    unsigned char weight; /* 1-6: what is told first, and which of two bands is worse */
    enum hazard_why why;
};

static const struct hazard_row rows[] = {
    { "H200", "can explode at any time", 1, HAZARD_DANGER, 6, WHY_OTHER },
    { "H201", "explodes, all at once", 1, HAZARD_DANGER, 6, WHY_OTHER },
    { "H202", "explodes and throws pieces far", 1, HAZARD_DANGER, 6, WHY_OTHER },
    { "H203", "explodes with fire, blast or pieces", 1, HAZARD_DANGER, 6, WHY_OTHER },
    { "H204", "can catch fire and throw pieces", 1, HAZARD_WARNING, 5, WHY_OTHER },
    { "H205", "can explode, all at once, in a fire", 0, HAZARD_DANGER, 5, WHY_OTHER },
    { "H220", "gas that catches fire very easily", 2, HAZARD_DANGER, 5, WHY_OTHER },
    { "H221", "gas that can burn", 0, HAZARD_WARNING, 3, WHY_OTHER },
    { "H222", "spray that catches fire very easily", 2, HAZARD_DANGER, 5, WHY_OTHER },
    { "H223", "spray that can burn", 2, HAZARD_WARNING, 3, WHY_OTHER },
    { "H224", "liquid whose vapour catches fire in the cold", 2, HAZARD_DANGER, 5, WHY_OTHER },
    { "H225", "liquid and vapour catch fire easily", 2, HAZARD_DANGER, 4, WHY_OTHER },
    { "H226", "liquid and vapour burn", 2, HAZARD_WARNING, 3, WHY_OTHER },
    { "H228", "solid that catches fire", 2, HAZARD_WARNING, 4, WHY_OTHER },
    { "H229", "can that may burst in heat", 0, HAZARD_WARNING, 3, WHY_OTHER },
    { "H240", "explodes when heated", 1, HAZARD_DANGER, 6, WHY_OTHER },
    { "H242", "catches fire when heated", 2, HAZARD_WARNING, 4, WHY_OTHER },
    { "H250", "catches fire by itself in air", 2, HAZARD_DANGER, 6, WHY_OTHER },
    { "H251", "heats itself, may catch fire", 2, HAZARD_DANGER, 4, WHY_OTHER },
    { "H252", "a large heap heats itself, may catch fire", 2, HAZARD_WARNING, 3, WHY_OTHER },
    { "H260", "with water gives gas that catches fire by itself", 2, HAZARD_DANGER, 5, WHY_OTHER },
    { "H261", "with water gives gas that burns", 2, HAZARD_WARNING, 4, WHY_OTHER },
    { "H270", "gas that feeds fire", 3, HAZARD_DANGER, 4, WHY_OTHER },
    { "H271", "feeds fire strongly, may explode", 3, HAZARD_DANGER, 5, WHY_OTHER },
    { "H272", "feeds fire", 3, HAZARD_WARNING, 3, WHY_OTHER },
    { "H280", "gas under pressure: bursts when heated", 4, HAZARD_WARNING, 3, WHY_OTHER },
    { "H281", "very cold: burns by frost", 4, HAZARD_WARNING, 3, WHY_OTHER },
    { "H290", "eats metals", 5, HAZARD_WARNING, 1, WHY_OTHER },
    { "H300", "kills if swallowed", 6, HAZARD_DANGER, 6, WHY_OTHER },
    { "H301", "poisonous if swallowed", 6, HAZARD_DANGER, 5, WHY_OTHER },
    { "H302", "harmful if swallowed", 7, HAZARD_WARNING, 3, WHY_OTHER },
    { "H304", "can kill if it gets into the lungs", 8, HAZARD_DANGER, 4, WHY_OTHER },
    { "H310", "kills through the skin", 6, HAZARD_DANGER, 6, WHY_OTHER },
    { "H311", "poisonous through the skin", 6, HAZARD_DANGER, 5, WHY_OTHER },
    { "H312", "harmful through the skin", 7, HAZARD_WARNING, 3, WHY_OTHER },
    { "H314", "burns skin and eyes badly", 5, HAZARD_DANGER, 5, WHY_CORROSIVE },
    { "H315", "irritates skin", 7, HAZARD_WARNING, 2, WHY_IRRITANT },
    { "H317", "can start a skin allergy", 7, HAZARD_WARNING, 3, WHY_SKIN_ALLERGY },
    { "H318", "damages eyes for good", 5, HAZARD_DANGER, 4, WHY_CORROSIVE },
    { "H319", "irritates eyes badly", 7, HAZARD_WARNING, 3, WHY_IRRITANT },
    { "H330", "kills if breathed in", 6, HAZARD_DANGER, 6, WHY_OTHER },
    { "H331", "poisonous if breathed in", 6, HAZARD_DANGER, 5, WHY_OTHER },
    { "H332", "harmful if breathed in", 7, HAZARD_WARNING, 3, WHY_OTHER },
    { "H334", "breathed in, can start asthma or allergy", 8, HAZARD_DANGER, 5, WHY_BREATH_ALLERGY },
    { "H335", "irritates nose, throat and lungs", 7, HAZARD_WARNING, 2, WHY_OTHER },
    { "H336", "vapour makes drowsy and dizzy", 7, HAZARD_WARNING, 2, WHY_OTHER },
    { "H340", "damages genes", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H341", "thought to damage genes", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H350", "causes cancer", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H350i", "causes cancer if breathed in", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H351", "thought to cause cancer", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H360", "harms fertility or an unborn child", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H360D", "harms an unborn child", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H360F", "harms fertility", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H360FD", "harms fertility and an unborn child", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H360Fd", "harms fertility, perhaps an unborn child", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H360Df", "harms an unborn child, perhaps fertility", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H361", "may harm fertility or an unborn child", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H361d", "may harm an unborn child", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H361f", "may harm fertility", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H361fd", "may harm fertility and an unborn child", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H362", "may harm breast-fed children", 0, HAZARD_NO_SIGNAL, 4, WHY_OTHER },
    { "H370", "damages organs", 8, HAZARD_DANGER, 5, WHY_OTHER },
    { "H371", "may damage organs", 8, HAZARD_WARNING, 4, WHY_OTHER },
    { "H372", "damages organs over time", 8, HAZARD_DANGER, 4, WHY_OTHER },
    { "H373", "may damage organs over time", 8, HAZARD_WARNING, 3, WHY_OTHER },
    { "H400", "very poisonous to water life", 9, HAZARD_WARNING, 2, WHY_OTHER },
    { "H410", "poisons water life for a long time, strongly", 9, HAZARD_WARNING, 2, WHY_OTHER },
    { "H411", "poisons water life for a long time", 9, HAZARD_NO_SIGNAL, 2, WHY_OTHER },
    { "H412", "harms water life for a long time", 0, HAZARD_NO_SIGNAL, 1, WHY_OTHER },
    { "H413", "may harm water life for a long time", 0, HAZARD_NO_SIGNAL, 1, WHY_OTHER },
    { "H420", "harms the ozone layer", 7, HAZARD_WARNING, 1, WHY_OTHER },
    { "EUH014", "reacts violently with water", 0, HAZARD_NO_SIGNAL, 4, WHY_OTHER },
    { "EUH018", "vapour and air may explode", 0, HAZARD_NO_SIGNAL, 4, WHY_OTHER },
    { "EUH019", "makes peroxides that explode", 0, HAZARD_NO_SIGNAL, 5, WHY_OTHER },
    { "EUH029", "with water gives poisonous gas", 0, HAZARD_NO_SIGNAL, 4, WHY_OTHER },
    { "EUH031", "with acids gives poisonous gas", 0, HAZARD_NO_SIGNAL, 4, WHY_OTHER },
    { "EUH032", "with acids gives deadly gas", 0, HAZARD_NO_SIGNAL, 5, WHY_OTHER },
    { "EUH044", "explodes when heated in a closed vessel", 0, HAZARD_NO_SIGNAL, 5, WHY_OTHER },
    { "EUH066", "dries and cracks skin", 0, HAZARD_NO_SIGNAL, 1, WHY_OTHER },
    { "EUH070", "poisonous in the eyes", 0, HAZARD_NO_SIGNAL, 5, WHY_OTHER },
    { "EUH071", "burns nose, throat and lungs", 0, HAZARD_NO_SIGNAL, 5, WHY_OTHER },
    { "EUH208", "may start an allergy", 0, HAZARD_NO_SIGNAL, 2, WHY_OTHER },
};

static const struct hazard_row *hazard_row(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(rows[i].code, code))
            return &rows[i];
    return NULL;
}

const char *hazard_code_words(const char *code)
{
    const struct hazard_row *row = hazard_row(code);
    return row != NULL ? row->words : NULL;
}

unsigned hazard_code_weight(const char *code)
{
    const struct hazard_row *row = hazard_row(code);
    return row != NULL ? row->weight : 0;
}

static bool hazard_any(const char *const *codes, size_t count, enum hazard_why why)
{
    for (size_t i = 0; i < count; i++) {
        const struct hazard_row *row = hazard_row(codes[i]);
        if (row != NULL && row->why == why)
            return true;
    }
    return false;
}

/* Article 26 of the regulation: which reasons for an exclamation mark a graver sign already tells. */
static bool hazard_gives_way(enum hazard_why why, bool skull, bool corrosive, bool breath)
{
    switch (why) {
    case WHY_IRRITANT:
        return skull || corrosive || breath;
    case WHY_SKIN_ALLERGY:
        return skull || breath;
    case WHY_OTHER:
    case WHY_CORROSIVE:
    case WHY_BREATH_ALLERGY:
        return skull;
    }
    return false;
}

size_t hazard_pictograms(const char *const *codes, size_t count,
                         const char *out[HAZARD_PICTOGRAMS_MAX])
{
    static const char *const ids[] = { "ghs01", "ghs02", "ghs03", "ghs04", "ghs05",
                                       "ghs06", "ghs07", "ghs08", "ghs09" };
    bool shown[COUNT_OF(ids) + 1] = { false };
    bool corrosive = hazard_any(codes, count, WHY_CORROSIVE);
    bool breath = hazard_any(codes, count, WHY_BREATH_ALLERGY);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hazard_row *row = hazard_row(codes[i]);
        if (row != NULL && row->pictogram != 7)
            shown[row->pictogram] = true;
    }
    for (size_t i = 0; i < count; i++) {
        const struct hazard_row *row = hazard_row(codes[i]);
        if (row != NULL && row->pictogram == 7 &&
            !hazard_gives_way(row->why, shown[6], corrosive, breath))
            shown[7] = true;
    }
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (shown[i + 1])
            out[found++] = ids[i];
    return found;
}

enum hazard_signal hazard_signal_of(const char *const *codes, size_t count)
{
    enum hazard_signal worst = HAZARD_NO_SIGNAL;
    for (size_t i = 0; i < count; i++) {
        const struct hazard_row *row = hazard_row(codes[i]);
        if (row != NULL && row->signal > worst)
            worst = row->signal;
    }
    return worst;
}

const char *hazard_signal_words(enum hazard_signal signal)
{
    switch (signal) {
    case HAZARD_DANGER:
        return "Danger";
    case HAZARD_WARNING:
        return "Warning";
    case HAZARD_NO_SIGNAL:
        return "";
    }
    return "";
}
