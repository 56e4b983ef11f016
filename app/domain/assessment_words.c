#include "app/domain/assessment.h"

#include <math.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

/* The words of an assessment: levels, who may do it, stages, what a class and a room may have. */

static const struct assessment_word stages[] = {
    { "S1", "S1", "" }, { "S2", "S2", "" }, { "S3", "S3", "" },    { "N3", "N3", "" },
    { "N4", "N4", "" }, { "N5", "N5", "" }, { "H", "Higher", "" }, { "AH", "Advanced Higher", "" },
};

/* Each adds a control when it is ticked, so that no tick is without effect. */
static const struct assessment_word ticks[] = {
    { "asthma", "Asthma", "Seat them by the fresh air, with their own inhaler at hand." },
    { "allergy", "Allergy",
      "Ask what they react to before the lesson and keep it out of the room; their own pen at "
      "hand." },
    { "epilepsy", "Epilepsy", "No flashing or flickering light; a chair away from hot things." },
    { "implant", "Pacemaker or implant",
      "They stay out of reach of high voltage, strong magnets and strong radio waves." },
    { "pregnancy", "Pregnancy (staff)",
      "Another member of staff does whatever the person's own assessment does not allow." },
    { "skin", "Skin that reacts",
      "Gloves that fit the substance, changed when wet; hands washed after." },
    { "mobility", "Mobility",
      "A bench and a way out that they can reach; heavy and hot things are carried to them." },
    { "sensory", "Sight, hearing or senses",
      "Tell and show the stop signal first; a place where they see and hear the teacher." },
    { "language", "Language",
      "Show the do-nots with pictures or a demonstration, and have them said back." },
    { "behaviour", "Behaviour",
      "The teacher gives out what is hazardous, a little at a time, and counts it back in." },
    { "new-to-lab", "New to the lab",
      "Show the exits, the eyewash and how to stop before anything is given out." },
    { "extra-adult", "Extra adult present",
      "The extra adult is told the do-nots and where to stand before the class comes in." },
    { "lone-teacher", "Lone teacher", "Somebody nearby knows and can come when called." },
    { "consent", "Consent or conviction",
      "Say beforehand what will be done; opting out needs no reason and another task is ready." },
};

static const struct assessment_word rooms[] = {
    { "fume-cupboard", "Fume cupboard", "" },
    { "gas-isolation", "Gas can be shut off", "" },
    { "eyewash", "Eyewash", "" },
    { "sink", "Sink", "" },
    { "blackout", "Blackout", "" },
    { "ventilation", "Ventilation", "" },
    { "outdoors", "Outdoor space", "" },
};

const struct assessment_word *assessment_stages(size_t *out_count)
{
    *out_count = COUNT_OF(stages);
    return stages;
}

const struct assessment_word *assessment_ticks(size_t *out_count)
{
    *out_count = COUNT_OF(ticks);
    return ticks;
}

static const char *word_of(const struct assessment_word *words, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(words[i].id, id))
            return words[i].words;
    }
    return NULL;
}

const char *assessment_words(const char *id)
{
    const char *words = word_of(ticks, COUNT_OF(ticks), id);

    if (words == NULL)
        words = word_of(rooms, COUNT_OF(rooms), id);
    if (words == NULL)
        words = word_of(stages, COUNT_OF(stages), id);
    return words != NULL ? words : id;
}

int assessment_stage_rank(const char *stage)
{
    for (size_t i = 0; i < COUNT_OF(stages); i++) {
        if (str_eq(stages[i].id, stage) || str_eq(stages[i].words, stage))
            return (int)i;
    }
    return -1;
}

const char *assessment_level_id(enum assessment_level level)
{
    switch (level) {
    case ASSESSMENT_ROUTINE:
        return "routine";
    case ASSESSMENT_CARE:
        return "care";
    case ASSESSMENT_STOP_POINTS:
        return "stop-points";
    }
    return "";
}

const char *assessment_level_words(enum assessment_level level)
{
    switch (level) {
    case ASSESSMENT_ROUTINE:
        return "Routine";
    case ASSESSMENT_CARE:
        return "Care needed";
    case ASSESSMENT_STOP_POINTS:
        return "Stop-points";
    }
    return "";
}

const char *assessment_mode_id(enum assessment_mode mode)
{
    switch (mode) {
    case ASSESSMENT_PUPILS:
        return "pupils";
    case ASSESSMENT_DEMONSTRATION:
        return "demonstration";
    case ASSESSMENT_TECHNICIAN:
        return "technician";
    case ASSESSMENT_STAFF:
        return "staff";
    }
    return "";
}

const char *assessment_mode_words(enum assessment_mode mode)
{
    switch (mode) {
    case ASSESSMENT_PUPILS:
        return "Pupils";
    case ASSESSMENT_DEMONSTRATION:
        return "Demonstration only";
    case ASSESSMENT_TECHNICIAN:
        return "Technician";
    case ASSESSMENT_STAFF:
        return "Staff only";
    }
    return "";
}

bool assessment_mode_read(const char *id, enum assessment_mode *out)
{
    static const enum assessment_mode modes[] = { ASSESSMENT_PUPILS, ASSESSMENT_DEMONSTRATION,
                                                  ASSESSMENT_TECHNICIAN, ASSESSMENT_STAFF };

    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        if (str_eq(assessment_mode_id(modes[i]), id)) {
            *out = modes[i];
            return true;
        }
    }
    return false;
}

const char *assessment_control_words(enum assessment_control_type type)
{
    switch (type) {
    case ASSESSMENT_SUBSTITUTE:
        return "Use something else";
    case ASSESSMENT_DILUTE:
        return "Use less or weaker";
    case ASSESSMENT_ENCLOSE:
        return "Enclose";
    case ASSESSMENT_VENTILATE:
        return "Ventilate";
    case ASSESSMENT_ARRANGE:
        return "Arrange the room";
    case ASSESSMENT_METHOD:
        return "Method";
    case ASSESSMENT_PPE:
        return "Wear";
    }
    return "";
}

/* The youngest stage that the model names; -1 none. */
static int stage_youngest(const struct assessment *m)
{
    int youngest = -1;

    for (size_t i = 0; i < m->doc->stage_count; i++) {
        int rank = assessment_stage_rank(m->doc->stages[i]);

        if (rank >= 0 && (youngest < 0 || rank < youngest))
            youngest = rank;
    }
    return youngest;
}

bool assessment_for_stage(const struct assessment *m, const char *stage)
{
    int rank = assessment_stage_rank(stage);

    return rank < 0 || rank >= stage_youngest(m);
}

enum assessment_mode assessment_mode_for(const struct assessment *m, const char *stage)
{
    if (m->mode == ASSESSMENT_PUPILS && !assessment_for_stage(m, stage))
        return ASSESSMENT_DEMONSTRATION;
    return m->mode;
}

/* A stage without a number of its own gets no more than the nearest older stage that has one, and no more
   than the model's own: a younger class is never given what only an older one is. */
double assessment_conc_for(const struct assessment_chemical *c, const char *stage)
{
    int rank = assessment_stage_rank(stage);
    double conc = c->conc;
    int best = -1;

    for (size_t i = 0; i < c->by_stage_count && rank >= 0; i++) {
        int at = assessment_stage_rank(c->by_stage[i].stage);

        if (at == rank)
            return c->by_stage[i].conc;
        if (at < rank || (best >= 0 && at > best))
            continue;
        best = at;
        if (isnan(c->conc) || c->by_stage[i].conc < c->conc)
            conc = c->by_stage[i].conc;
        else
            conc = c->conc;
    }
    return conc;
}
