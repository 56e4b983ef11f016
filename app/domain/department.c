#include "app/domain/department.h"

#include <string.h>
#include <strings.h>

enum { WORDS_MAX = 12 };

/* Words that rooms of schools are called by. */
static const struct {
    const char *id, *name, *brief;
    const char *words[WORDS_MAX];
} departments[DEPARTMENTS] = {
    [DEPT_BIOLOGY] = { "biology", "Biology", "Bio", { "biology", "bio", "greenhouse" } },
    [DEPT_CHEMISTRY] = { "chemistry", "Chemistry", "Chem", { "chemistry", "chem" } },
    [DEPT_PHYSICS] = { "physics", "Physics", "Phys", { "physics", "phys" } },
    [DEPT_TECHNOLOGY] = { "workshop",
                          "Technology",
                          "Tech",
                          { "technology", "technologies", "technical", "tech", "workshop",
                            "workshops", "cdt", "craft", "engineering", "woodwork", "metalwork" } },
    [DEPT_AV] = { "av",
                  "AV",
                  "AV",
                  { "av", "audiovisual", "audio", "hall", "stage", "theatre", "drama", "media" } },
};

const char *department_id(enum department d)
{
    return departments[d].id;
}

const char *department_name(enum department d, bool brief)
{
    return brief ? departments[d].brief : departments[d].name;
}

static bool letter(char c)
{
    /* Bytes of longer characters belong to words: «Mòd» is one word and not two. */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static unsigned department_of_word(const char *word, size_t len)
{
    unsigned set = 0;

    for (unsigned d = 0; d < DEPARTMENTS; d++) {
        for (size_t i = 0; i < WORDS_MAX && departments[d].words[i] != NULL; i++) {
            const char *known = departments[d].words[i];

            if (strlen(known) == len && strncasecmp(known, word, len) == 0)
                set |= 1u << d;
        }
    }
    return set;
}

unsigned department_of_room(const char *room)
{
    unsigned set = 0;

    while (room != NULL && *room != '\0') {
        size_t len = 0;

        while (letter(room[len]))
            len++;
        if (len > 0)
            set |= department_of_word(room, len);
        room += len > 0 ? len : 1;
    }
    return set;
}

unsigned department_of_subjects(const char *subjects)
{
    unsigned set = 0;

    while (subjects != NULL && *subjects != '\0') {
        size_t len = strcspn(subjects, ",");
        unsigned one = 0;

        for (unsigned d = 0; d < DEPARTMENTS; d++) {
            const char *name = departments[d].name;

            if (strlen(name) == len && strncmp(name, subjects, len) == 0)
                one = 1u << d;
        }
        /* Whoever else may need it has it in the list as well. */
        if (one == 0)
            return 0;
        set |= one;
        subjects += len;
        subjects += strspn(subjects, ", ");
    }
    return set;
}

bool department_listed(unsigned chosen, unsigned of)
{
    return chosen == 0 || of == 0 || (chosen & of) != 0;
}
