#include "app/domain/electric.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

#include "platform/base/attr.h"

static const double slack_mm2 = 1e-9;
static const double heating_max_kw = 50;
static const double heating_from_kw = 3;
static const double power_max_w = 3000;
static const double small_fuse_w = 700;

static const char code_of_practice[] = "IET Code of Practice for In-service Inspection and Testing";
static const char practice[] = "Common practice with BS 1362 fuses and flexible cords";

static const struct refusal class_refused = {
    "CLASS_UNKNOWN",
    "The class is I, II, II with a functional earth (iife) or III.",
};
static const struct refusal type_refused = {
    "TYPE_UNKNOWN",
    "The type is hand, portable, movable, stationary, it, fixed or lead.",
};
static const struct refusal heating_refused = {
    "HEATING_OUT_OF_RANGE",
    "The power of a heater is 0 to 50 kilowatts; 2200 watts are 2.2.",
};
static const struct refusal edition_refused = {
    "EDITION_UNKNOWN",
    "The edition of the code of practice is 4 or 5.",
};
static const struct refusal leakage_refused = {
    "CLASS_HAS_NO_LEAKAGE",
    "Class III equipment has no leakage limit in the 4th edition. Leave the test out.",
};
static const struct refusal length_refused = {
    "SECTION_HAS_NO_LENGTH",
    "A longest length is known for 1.25, 1.5 and 2.5 square millimetres only. Ask the adviser.",
};
static const struct refusal device_refused = {
    "DEVICE_UNKNOWN",
    "The device is bs7071 (portable RCD) or bs61008 (RCD to BS EN 61008).",
};
static const struct refusal multiple_refused = {
    "MULTIPLE_UNKNOWN",
    "An RCD is timed at 1 or at 5 times its rated current.",
};
static const struct refusal power_refused = {
    "POWER_OUT_OF_RANGE",
    "A plug carries more than 0 and at most 3000 watts. Read the rating plate again.",
};
static const struct refusal current_refused = {
    "SECTION_HAS_NO_CURRENT",
    "The flex is one of 0.5, 0.75, 1, 1.25 or 1.5 square millimetres. Ask the adviser.",
};

struct word {
    const char *text;
    int value;
};

static bool word_find(const struct word *words, size_t count, const char *text, int *out)
{
    for (size_t i = 0; text != NULL && i < count; i++)
        if (strcasecmp(words[i].text, text) == 0) {
            *out = words[i].value;
            return true;
        }
    return false;
}

const struct refusal *electric_class_read(const char *text, enum electric_class *out)
{
    static const struct word words[] = {
        { "i", CLASS_I },
        { "1", CLASS_I },
        { "ii", CLASS_II },
        { "2", CLASS_II },
        { "iife", CLASS_II_EARTHED },
        { "ii-fe", CLASS_II_EARTHED },
        { "ii_fe", CLASS_II_EARTHED },
        { "iii", CLASS_III },
        { "3", CLASS_III },
    };
    int value;

    if (!word_find(words, COUNT_OF(words), text, &value))
        return &class_refused;
    *out = (enum electric_class)value;
    return NULL;
}

const struct refusal *electric_type_read(const char *text, enum electric_type *out)
{
    static const struct word words[] = {
        { "hand", TYPE_HAND_HELD },
        { "h", TYPE_HAND_HELD },
        { "handheld", TYPE_HAND_HELD },
        { "hand-held", TYPE_HAND_HELD },
        { "portable", TYPE_PORTABLE },
        { "p", TYPE_PORTABLE },
        { "movable", TYPE_MOVABLE },
        { "m", TYPE_MOVABLE },
        { "stationary", TYPE_STATIONARY },
        { "s", TYPE_STATIONARY },
        { "it", TYPE_IT },
        { "fixed", TYPE_FIXED },
        { "lead", TYPE_LEAD },
    };
    int value;

    if (!word_find(words, COUNT_OF(words), text, &value))
        return &type_refused;
    *out = (enum electric_type)value;
    return NULL;
}

static bool is_heating(double heating_kw)
{
    return heating_kw >= 0 && heating_kw <= heating_max_kw;
}

const struct refusal *electric_insulation(enum electric_class class, double heating_kw,
                                          struct electric_limit *out)
{
    bool heater = heating_kw >= heating_from_kw;

    if (!is_heating(heating_kw))
        return &heating_refused;
    *out = (struct electric_limit){
        .unit = "Mohm", .source = code_of_practice, .edition = "4th", .confidence = "likely"
    };
    switch (class) {
    case CLASS_I:
        out->value = heater ? 0.3 : 1.0;
        out->confidence = heater ? "likely" : "sure";
        break;
    case CLASS_II:
    case CLASS_II_EARTHED:
        out->value = 2.0;
        out->confidence = "sure";
        break;
    case CLASS_III:
        out->value = 0.25;
        break;
    }
    return NULL;
}

static double leakage_class_i(enum electric_type type, double heating_kw)
{
    if (heating_kw > 0)
        return fmax(0.75, fmin(5, 0.75 * heating_kw));
    return type == TYPE_HAND_HELD || type == TYPE_PORTABLE ? 0.75 : 3.5;
}

const struct refusal *electric_leakage(const char *edition, enum electric_class class,
                                       enum electric_type type, double heating_kw,
                                       struct electric_limit *out)
{
    static const struct word editions[] = { { "4", 4 }, { "4th", 4 }, { "5", 5 }, { "5th", 5 } };
    int number;

    if (!word_find(editions, COUNT_OF(editions), edition, &number))
        return &edition_refused;
    if (!is_heating(heating_kw))
        return &heating_refused;
    if (number == 5) {
        *out = (struct electric_limit){ 5, "mA", code_of_practice, "5th, 2020", "likely" };
        return NULL;
    }
    if (class == CLASS_III)
        return &leakage_refused;
    *out = (struct electric_limit){
        .value = class == CLASS_I ? leakage_class_i(type, heating_kw) : 0.25,
        .unit = "mA",
        .source = code_of_practice,
        .edition = "4th",
        .confidence = "sure",
    };
    return NULL;
}

struct section {
    double mm2, value;
};

static bool section_find(const struct section *sections, size_t count, double mm2, double *out)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(mm2 - sections[i].mm2) < slack_mm2) {
            *out = sections[i].value;
            return true;
        }
    return false;
}

const struct refusal *electric_extension(double section_mm2, struct electric_limit *out)
{
    static const struct section longest[] = { { 1.25, 12 }, { 1.5, 15 }, { 2.5, 25 } };
    double metres;

    if (!section_find(longest, COUNT_OF(longest), section_mm2, &metres))
        return &length_refused;
    *out = (struct electric_limit){ metres, "m", code_of_practice, "verify", "likely" };
    return NULL;
}

const struct refusal *electric_rcd_trip(const char *device, double multiple,
                                        struct electric_limit *out)
{
    static const struct word devices[] = {
        { "bs7071", 200 }, { "bs 7071", 200 }, { "bs61008", 300 }, { "bs en 61008", 300 }
    };
    bool five = fabs(multiple - 5) < 1e-9;
    int rated_ms;

    if (!word_find(devices, COUNT_OF(devices), device, &rated_ms))
        return &device_refused;
    if (!five && !(fabs(multiple - 1) < 1e-9))
        return &multiple_refused;
    *out = (struct electric_limit){
        .value = five ? 40 : rated_ms,
        .unit = "ms",
        .source = rated_ms == 200 ? "BS 7071" : "BS EN 61008 and BS 7671",
        .edition = "verify",
        .confidence = five ? "likely" : "verify",
    };
    return NULL;
}

const struct refusal *electric_fuse(double power_w, struct electric_limit *out)
{
    if (!(power_w > 0 && power_w <= power_max_w))
        return &power_refused;
    *out = (struct electric_limit){ power_w <= small_fuse_w ? 3 : 13, "A", practice, "", "likely" };
    return NULL;
}

const struct refusal *electric_flex(double section_mm2, struct electric_limit *out)
{
    static const struct section carries[] = {
        { 0.5, 3 }, { 0.75, 6 }, { 1.0, 10 }, { 1.25, 13 }, { 1.5, 15 }
    };
    double ampere;

    if (!section_find(carries, COUNT_OF(carries), section_mm2, &ampere))
        return &current_refused;
    *out = (struct electric_limit){ ampere, "A", practice, "", "likely" };
    return NULL;
}
