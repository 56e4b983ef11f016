/* Which department a thing belongs to, as lists are filtered by it. Pure: it reads what the register and the content say.

   A set is bits 1u << enum department; 0 is «no one department»: such a thing stands in every department's list, as a filter
   must never hide what nobody looks after. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum department {
    DEPT_BIOLOGY,
    DEPT_CHEMISTRY,
    DEPT_PHYSICS,
    DEPT_TECHNOLOGY,
    DEPT_AV,
    DEPARTMENTS
};

/* "biology": in ids and in keys of what a person ticks; "workshop" is technology's, as courses have it. */
const char *department_id(enum department d);
/* "Technology"; brief is for where there is little room: "Tech". */
const char *department_name(enum department d, bool brief);

/* What a room is called says it: "Biology prep room", "Technical workshop", "Physics and chemistry store". Whole words,
   whatever their letters; "Technicians' base" names none. NULL names none. */
unsigned department_of_room(const char *room);
/* The subjects of a document as the content has them: "Biology, Chemistry". One that says «Whole department», or a subject
   that is not known, names none. */
unsigned department_of_subjects(const char *subjects);
/* Whether a thing of this set belongs in the list that is held to `chosen` (0: all of them). */
bool department_listed(unsigned chosen, unsigned of);
