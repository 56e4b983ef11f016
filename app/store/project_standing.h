/* What stands of the checks: tables check_last, check_fail and check_state, kept beside the records. For the projections of this folder;
   queries read the tables. */
#pragma once

#include "app/domain/check.h"
#include "app/store/project.h"

/* Days that check_fail.shut has where no day is meant: a fail that nothing has closed, and one that does not stand at all. As
   text, for SQL. */
#define STANDING_NEVER "2147483647"
#define STANDING_NOT "-2147483648"

/* After the record, its releases and its withdrawals are written: what it changes. During a rebuild nothing is kept:
   standing_build comes at its end. */
MUST_USE enum err standing_check(struct db *db, const struct project_line *line,
                                 const struct check *c, struct why *why);
/* A check was withdrawn or countersigned; fine when it is not here yet. */
MUST_USE enum err standing_moved(struct db *db, const struct project_line *line, const char *check,
                                 struct arena *a, struct why *why);
/* Everything afresh, from the records. */
MUST_USE enum err standing_build(struct db *db, struct why *why);
