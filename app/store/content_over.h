/* Which of an employer's forms and documents may stand in the place of the nation's: each is held
   against the one below it (app/domain/override.h), and what would loosen something is refused and
   told. The one below stays in force. */
#pragma once

#include "app/store/content_take.h"

/* After all documents are in; marks those that are refused. */
MUST_USE enum err index_over_docs(struct indexer *x, struct why *why);
/* After all forms are in; marks which are in force, and notes what they say otherwise. */
MUST_USE enum err index_over_forms(struct indexer *x, struct why *why);
