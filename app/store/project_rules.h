/* What a check's row is worth, as SQL conditions over one row of check_row by its alias: the views and
   the questions that run over many items are built from the same words, so that they cannot disagree,
   and none looks a row up again that it already has. */
#pragma once

/* A withdrawal counts only as the writer's own undo: same person, same kiosk, within eight seconds.
   It is judged here and not when a line arrives, because either line may come first. */
#define CHECK_VOID(c)                                                                              \
    "exists (select 1 from check_withdrawn w where w.target = " c ".event and w.actor = " c        \
    ".actor and w.device = " c ".device and w.at_ms - " c ".at_ms between 0 and 8000)"

/* Wants a countersignature that nobody but the signer has given yet. */
#define CHECK_WAITS(c)                                                                             \
    "(" c ".countersign <> '' and not exists (select 1 from check_countersigned s where s.target"  \
    " = " c ".event and s.item = " c ".item and s.code = " c ".countersign and s.actor <> ''"      \
    " and s.actor <> " c ".actor))"

/* Another record k of the same item and form stands in its place. A pass that waits for its
   countersignature does not silence a fail. */
#define CHECK_CORRECTION(k, c)                                                                     \
    k ".corrects <> '' and " k ".corrects = " c ".event and " k ".item = " c ".item and " k        \
      ".form = " c ".form and " k ".event <> " c                                                   \
      ".event and not " CHECK_VOID(k) " and (" k ".outcome > 2 or not " CHECK_WAITS(k) ")"
#define CHECK_CORRECTED(c) "exists (select 1 from check_row k where " CHECK_CORRECTION("k", c) ")"

/* Neither undone nor corrected; a fail counts at once, a pass when nothing waits. */
#define CHECK_COUNTS(c)                                                                            \
    "(not " CHECK_VOID(c) " and not " CHECK_CORRECTED(                                             \
        c) " and (" c ".outcome > 2 or not " CHECK_WAITS(c) "))"

/* Answered by a pass or an advice of the same check of the same item that names it and counts: no other check has looked at
   what was wrong. Those that name it are few, so they are looked for first (cross join): the planner would go through all
   checks of that form instead. */
#define CHECK_ANSWERED(f)                                                                          \
    "exists (select 1 from check_release r cross join check_row p on p.event = r.event"            \
    " where r.target = " f ".event and p.item = " f ".item and p.form = " f ".form"                \
    " and p.outcome in (1, 2) and " CHECK_COUNTS("p") ")"

/* The rowid of what stands last of the rows c of check_row: a stage of life, who has it. A day after tomorrow comes from a
   wrong clock, which must not have the last word for years: it counts only where nothing else is known. Two looks along an
   index: sorted, all that was ever said of a thing would be read each time. */
#define CHECK_LATEST_OF(where, day)                                                                \
    "(select c.rowid from check_row c where " where " and " day                                    \
    " order by c.day desc, c.hlc desc, c.device desc, c.seq desc limit 1)"
#define CHECK_LATEST(where, today)                                                                 \
    "coalesce(" CHECK_LATEST_OF(where, "c.day <= " today " + 1") ", " CHECK_LATEST_OF(             \
        where, "c.day > " today " + 1") ")"

/* A fault f that is still open: no later pass or advice p of the same form that counts. Later by the
   day and by the order of the lines, both: where two clocks disagree, a pass made
   without knowing of the fault must not close it. p may be bounded by more. */
#define CHECK_FAULT(f, more)                                                                       \
    "(" f ".outcome = 3 and " CHECK_COUNTS(                                                        \
        f) " and not exists (select 1 from check_row p where p.item = " f ".item and p.form = " f  \
           ".form and p.outcome in (1, 2) and p.day >= " f                                         \
           ".day and (p.hlc, p.device, p.seq) > (" f ".hlc, " f ".device, " f ".seq)" more         \
           " and " CHECK_COUNTS("p") "))"

/* What people say of an item that a notice holds back (stop_mark). An undo counts as a check's does. */
#define STOP_VOID(m)                                                                               \
    "exists (select 1 from stop_withdrawn w where w.target = " m ".event and w.actor = " m         \
    ".actor and w.device = " m ".device and w.at_ms - " m ".at_ms between 0 and 8000)"

/* Another answer about the same item and notice stands in its place. */
#define STOP_REPLACED(m)                                                                           \
    "exists (select 1 from replaced r join stop_mark n on n.event = r.event where r.replaces = " m \
    ".event and n.item = " m ".item and n.notice = " m ".notice and n.event <> " m                 \
    ".event and n.mark <> 'cleared' and not " STOP_VOID("n") ")"

/* A release names the answers that it was made in the knowledge of: one that it does not name holds the item back still. */
#define STOP_NAMED(m)                                                                              \
    "exists (select 1 from stop_named t join stop_mark n on n.event = t.event where t.target = " m \
    ".event and n.item = " m ".item and n.notice = " m ".notice and not " STOP_VOID("n") ")"
