#include "app/store/project_tables.h"

#include "app/domain/adapt.h"
#include "app/store/project_rules.h"
#include "platform/base/attr.h"

/* CALDATE_NONE as SQL has it. */
#define ADAPT_NO_END "-2147483648"

/* Whether who made the mark m held the competence of approvers by the last grant before it; see
   adaptation_approved. */
#define MARK_HELD                                                                                  \
    "coalesce((select g.until = " ADAPT_NO_END                                                     \
    " or g.until >= m.day from competence g where g.person = m.actor"                              \
    " and g.code = '" ADAPT_APPROVER "' and (g.hlc, g.device, g.seq) <"                            \
    " (m.hlc, m.device, m.seq) order by g.hlc desc, g.device desc, g.seq desc limit 1),"           \
    " (select max(g.until = " ADAPT_NO_END " or g.until >= m.day) from competence g"               \
    " where g.person = m.actor and g.code = '" ADAPT_APPROVER "'), 0)"

/* Outcomes as numbers: 1 pass, 2 advice, 3 fail, 4 quarantine. The views are filters over one row's
   keys, so that asking about one check does not read them all; none depends on the order in which
   lines came. */
const struct project_table project_tables[] = {
    { .name = "waiting_line",
      .sql = "create table waiting_line(event text primary key, kind text not null,"
             " subject text not null, reason text not null) without rowid;"
             "create index waiting_line_subject on waiting_line(subject)" },
    /* By how much the time of a kiosk's lines was off, as it learnt later (project_time.c). */
    { .name = "clock_span",
      .sql = "create table clock_span(event text not null, device text not null,"
             " seq integer not null, first integer not null, last integer not null,"
             " offset_ms integer not null, primary key (event, first)) without rowid;"
             "create index clock_span_device on clock_span(device, last)" },
    { .name = "replaced",
      .sql = "create table replaced(replaces text not null, event text not null,"
             " subject text not null, primary key (replaces, event)) without rowid" },
    { .name = "site_founded",
      .sql =
          "create table site_founded(event text primary key, hlc text not null, site text not null,"
          " name text not null) without rowid" },
    { .name = "site_calendar",
      .sql = "create table site_calendar(event text primary key, hlc text not null,"
             " device text not null, seq integer not null, site text not null,"
             " calendar text not null) without rowid" },
    { .name = "site_constituency",
      .sql = "create table site_constituency(event text primary key, hlc text not null,"
             " device text not null, seq integer not null, site text not null,"
             " constituency text not null) without rowid" },
    /* Who belongs to the site: project_kiosk.c. */
    { .name = "kiosk_row",
      .sql = "create table kiosk_row(event text primary key, hlc text not null,"
             " device text not null, seq integer not null, kiosk text not null, site text not null,"
             " name text not null, how integer not null, by text not null, hub text not null)"
             " without rowid;"
             "create index kiosk_row_kiosk on kiosk_row(kiosk)" },
    { .name = "item_version",
      .sql =
          "create table item_version(event text primary key, item text not null, hlc text not null,"
          " device text not null, seq integer not null, label text not null, kind text not null,"
          " name text not null, detail text not null, room text not null, shelf text not null,"
          " maker text not null, model text not null, serial text not null, school text not null,"
          " kit text not null, retired_why text not null, retired integer not null,"
          " lost integer not null) without rowid;"
          "create index item_version_item on item_version(item)" },
    { .name = "item_fact",
      .sql = "create table item_fact(event text not null, key text not null, value text not null,"
             " primary key (event, key)) without rowid;"
             "create index item_fact_use_by on item_fact(event) where key = 'use_by'" },
    { .name = "item_label",
      .sql =
          "create table item_label(event text primary key, item text not null, hlc text not null,"
          " label text not null, label_key text not null) without rowid;"
          "create index item_label_item on item_label(item)" },
    /* The version in force of each item, and every label key that leads to it. */
    { .name = "item",
      .sql = "create table item(id text primary key, event text not null, label text not null,"
             " kind text not null, name text not null, detail text not null, room text not null,"
             " shelf text not null, maker text not null, model text not null, serial text not null,"
             " school text not null, kit text not null, retired_why text not null,"
             " retired integer not null, lost integer not null) without rowid;"
             "create index item_kit on item(kit) where kit <> ''" },
    { .name = "item_key",
      .sql = "create table item_key(label_key text not null, item text not null,"
             " primary key (label_key, item)) without rowid;"
             "create index item_key_item on item_key(item)" },
    { .name = "person_version",
      .sql =
          "create table person_version(event text primary key, person text not null,"
          " hlc text not null, device text not null, seq integer not null, name_hash text not null,"
          " role text not null) without rowid;"
          "create index person_version_person on person_version(person)" },
    { .name = "badge",
      .sql = "create table badge(event text primary key, person text not null, hlc text not null,"
             " device text not null, seq integer not null, code_name text not null) without rowid;"
             "create index badge_code on badge(code_name); create index badge_person on "
             "badge(person)" },
    { .name = "person_erased",
      .sql = "create table person_erased(event text primary key, person text not null)"
             " without rowid; create index person_erased_person on person_erased(person)" },
    { .name = "competence",
      .sql = "create table competence(event text primary key, person text not null,"
             " hlc text not null, device text not null, seq integer not null, code text not null,"
             " until integer not null, basis text not null) without rowid;"
             "create index competence_person on competence(person)" },
    /* With row numbers: a body in the leaves of a key's tree would spill into a page of its own. The body is "" where the line
       in the log has it word for word (CHECK_BODY). An index ends with the stamp: a device never gives one twice, so what it
       leaves to be sorted are lines that several devices wrote at one moment; their ids would be half of it, and a long reading
       writes its pages again and again. */
    { .name = "check_row",
      .sql =
          "create table check_row(event text primary key, item text not null, form text not null,"
          " title text not null, actor text not null, device text not null, hlc text not null,"
          " seq integer not null, at_ms integer not null, trust integer not null,"
          " day integer not null, outcome integer not null, reason text not null,"
          " interval text not null, next_due integer not null, fail_action text not null,"
          " life text not null, custody text not null, who text not null, place text not null,"
          " back_by_ms integer not null, countersign text not null, corrects text not null,"
          " tray text not null, made text not null, imported integer not null,"
          " picture text not null, body text not null);"
          "create index check_row_item on check_row(item, form, day, hlc);"
          "create index check_row_day on check_row(day);"
          "create index check_row_fail on check_row(item) where outcome > 2;"
          "create index check_row_corrects on check_row(corrects) where corrects <> '';"
          "create index check_row_waits on check_row(countersign) where countersign <> '';"
          "create index check_row_custody on check_row(item, day, hlc)"
          " where custody <> '';"
          "create index check_row_life on check_row(item, day, hlc)"
          " where life <> ''" },
    { .name = "check_fact",
      .sql = "create table check_fact(item text not null, key text not null, hlc text not null,"
             " event text not null, value text not null, primary key (item, key, hlc, event))"
             " without rowid" },
    { .name = "check_instrument",
      .sql = "create table check_instrument(instrument text not null, event text not null,"
             " primary key (instrument, event)) without rowid" },
    { .name = "check_release",
      .sql = "create table check_release(target text not null, event text not null,"
             " primary key (target, event)) without rowid" },
    { .name = "check_withdrawn",
      .sql = "create table check_withdrawn(target text not null, event text not null,"
             " actor text not null, device text not null, at_ms integer not null,"
             " primary key (target, event)) without rowid" },
    { .name = "check_countersigned",
      .sql = "create table check_countersigned(target text not null, event text not null,"
             " item text not null, actor text not null, code text not null,"
             " primary key (target, event)) without rowid" },
    /* What stands of all those: project_standing.h. */
    { .name = "check_last",
      .sql = "create table check_last(item text not null, form text not null,"
             " day integer not null, hlc text not null, device text not null,"
             " seq integer not null, next_due integer not null, interval text not null,"
             " primary key (item, form)) without rowid" },
    { .name = "check_fail",
      .sql = "create table check_fail(event text primary key, item text not null,"
             " form text not null, day integer not null, hlc text not null, device text not null,"
             " seq integer not null, outcome integer not null, shut integer not null)"
             " without rowid; create index check_fail_item on check_fail(item, shut);"
             "create index check_fail_shut on check_fail(shut, item)" },
    { .name = "check_state",
      .sql = "create table check_state(item text not null, what text not null,"
             " value text not null, day integer not null, hlc text not null, tie text not null,"
             " seq integer not null, event text not null, primary key (item, what))"
             " without rowid" },
    { .name = "item_document",
      .sql = "create table item_document(event text primary key, item text not null,"
             " document text not null, hlc text not null, device text not null,"
             " seq integer not null, actor text not null, at_ms integer not null,"
             " title text not null, sort text not null, about text not null,"
             " day integer not null, until integer not null, sha256 text not null,"
             " type text not null, name text not null, bytes integer not null,"
             " withdrawn integer not null, why text not null) without rowid;"
             "create index item_document_item on item_document(item)" },
    { .name = "letter_row",
      .sql = "create table letter_row(event text primary key, letter text not null,"
             " form text not null, title text not null, recipient text not null,"
             " actor text not null, hlc text not null, device text not null,"
             " seq integer not null, at_ms integer not null, body text not null) without rowid;"
             "create index letter_row_letter on letter_row(letter)" },
    { .name = "letter_about",
      .sql = "create table letter_about(event text not null, about text not null,"
             " primary key (event, about)) without rowid;"
             "create index letter_about_about on letter_about(about)" },
    { .name = "letter_reply",
      .sql = "create table letter_reply(event text primary key, letter text not null,"
             " hlc text not null, at_ms integer not null, text text not null, by text not null,"
             " hub integer not null) without rowid;"
             "create index letter_reply_letter on letter_reply(letter)" },
    { .name = "letter_reply_about",
      .sql = "create table letter_reply_about(event text not null, about text not null,"
             " primary key (event, about)) without rowid" },
    { .name = "letter_withdrawn",
      .sql = "create table letter_withdrawn(event text primary key, letter text not null,"
             " actor text not null) without rowid;"
             "create index letter_withdrawn_letter on letter_withdrawn(letter)" },
    /* Sent once: of several lines of one letter (a card copied, a kiosk restored) the first counts. */
    { .name = "letter_now",
      .view = true,
      .sql = "create view letter_now as select * from letter_row l where not exists (select 1 from"
             " letter_row o where o.letter = l.letter and (o.hlc, o.device, o.seq) <"
             " (l.hlc, l.device, l.seq))" },
    /* Notices that somebody has seen, and what people found: project_stop.c. */
    { .name = "stop_seen",
      .sql = "create table stop_seen(event text primary key, notice text not null,"
             " revision integer not null, device text not null, at_ms integer not null,"
             " hlc text not null, seq integer not null, items text not null)"
             " without rowid; create index stop_seen_notice on stop_seen(notice)" },
    { .name = "stop_mark",
      .sql = "create table stop_mark(event text primary key, item text not null,"
             " notice text not null, revision integer not null, mark text not null,"
             " why text not null, note text not null, code text not null, actor text not null,"
             " hlc text not null, device text not null, seq integer not null,"
             " at_ms integer not null) without rowid;"
             "create index stop_mark_item on stop_mark(item, notice)" },
    { .name = "stop_named",
      .sql = "create table stop_named(target text not null, event text not null,"
             " primary key (target, event)) without rowid" },
    { .name = "stop_withdrawn",
      .sql = "create table stop_withdrawn(target text not null, event text not null,"
             " actor text not null, device text not null, at_ms integer not null,"
             " primary key (target, event)) without rowid" },
    /* Those that stand; open: an answer that no release names. */
    { .name = "stop_now",
      .view = true,
      .sql = "create view stop_now as select m.event as event, m.item as item, m.notice as notice,"
             " m.revision as revision, m.mark as mark, m.why as why, m.note as note,"
             " m.actor as actor, m.hlc as hlc, m.device as device, m.seq as seq, m.at_ms as at_ms,"
             " m.mark <> 'cleared' and not " STOP_NAMED(
                 "m") " as open from stop_mark m"
                      " where not " STOP_VOID("m") " and not " STOP_REPLACED("m") },
    { .name = "check_void",
      .view = true,
      .sql = "create view check_void as select c.event as event from check_row c"
             " where " CHECK_VOID("c") },
    { .name = "check_waits",
      .view = true,
      .sql = "create view check_waits as select c.event as event from check_row c"
             " where " CHECK_WAITS("c") },
    { .name = "check_corrected",
      .view = true,
      .sql =
          "create view check_corrected as select c.event as event, k.event as correction,"
          " k.outcome as outcome from check_row c, check_row k where " CHECK_CORRECTION("k", "c") },
    { .name = "check_counts",
      .view = true,
      .sql = "create view check_counts as select c.event as event from check_row c"
             " where " CHECK_COUNTS("c") },
    { .name = "check_answered",
      .view = true,
      .sql = "create view check_answered as select f.event as event from check_row f"
             " where " CHECK_ANSWERED("f") },
    /* Keeps its item out of use: quarantine, neither undone nor answered. Only another quarantine
       takes its place as a correction: a clean record of the same thing is a release, and has to say
       so. */
    { .name = "check_stops",
      .view = true,
      .sql = "create view check_stops as select f.event as event from check_row f"
             " where f.outcome = 4 and not " CHECK_VOID(
                 "f") " and not exists (select 1 from check_answered x where x.event = f.event)"
                      " and not exists (select 1 from check_corrected k where k.event = f.event"
                      " and k.outcome = 4)" },
    { .name = "check_fault",
      .view = true,
      .sql = "create view check_fault as select f.event as event from check_row f"
             " where " CHECK_FAULT("f", "") },
    { .name = "person",
      .view = true,
      .sql = "create view person as select person as id, event, name_hash, role from (select *,"
             " row_number() over (partition by person order by (exists (select 1 from replaced r"
             " where r.replaces = v.event and r.subject = v.person and r.event <> v.event)),"
             " hlc desc, device desc, seq desc) as place from person_version v) where place = 1" },
    /* The newest of a person's badges that no later line replaced; a lost badge stops with the next
       one's issue. */
    { .name = "badge_now",
      .view = true,
      .sql = "create view badge_now as select person, event, code_name from (select *,"
             " row_number() over (partition by person order by hlc desc, device desc, seq desc)"
             " as place from badge b where not exists (select 1 from replaced r"
             " where r.replaces = b.event and r.event <> b.event)) where place = 1" },
    /* Of each paper of an item the version in force. */
    { .name = "document_now",
      .view = true,
      .sql = "create view document_now as select * from (select *, row_number() over (partition by"
             " item, document order by (exists (select 1 from replaced r"
             " where r.replaces = d.event and r.subject = d.document and r.event <> d.event)),"
             " hlc desc, device desc, seq desc) as place from item_document d) where place = 1" },
    /* Of each competence of a person the grant in force; one whose day has gone by takes it away. */
    { .name = "competence_now",
      .view = true,
      .sql =
          "create view competence_now as select person, code, until, basis, event from (select *,"
          " row_number() over (partition by person, code order by (exists (select 1 from"
          " replaced r where r.replaces = g.event and r.subject = g.person"
          " and r.event <> g.event)), hlc desc, device desc, seq desc) as place"
          " from competence g) where place = 1" },
    /* Whoever ever belonged to a site: its founder, whom a hub enrolled, and whom one of these admitted.
       An admission holds also where the line that made its giver a member came later. */
    { .name = "kiosk_ever",
      .view = true,
      .sql = "create view kiosk_ever as with recursive ever(site, kiosk) as ("
             "select site, kiosk from kiosk_row where how in (1, 3)"
             " union select r.site, r.kiosk from ever e join kiosk_row r"
             " on r.how = 2 and r.by = e.kiosk and r.site = e.site)"
             " select site, kiosk from ever" },
    /* And belongs to it still. */
    { .name = "kiosk_now",
      .view = true,
      .sql = "create view kiosk_now as select site, kiosk from kiosk_ever e where not exists"
             " (select 1 from kiosk_row r where r.kiosk = e.kiosk and r.site = e.site"
             " and r.how = 4)" },
    { .name = "calendar_now",
      .view = true,
      .sql = "create view calendar_now as select calendar, event from site_calendar g order by"
             " (exists (select 1 from replaced r where r.replaces = g.event"
             " and r.subject = g.site and r.event <> g.event)), hlc desc, device desc, seq desc"
             " limit 1" },
    { .name = "constituency_now",
      .view = true,
      .sql = "create view constituency_now as select constituency, event from site_constituency g"
             " order by (exists (select 1 from replaced r where r.replaces = g.event"
             " and r.subject = g.site and r.event <> g.event)), hlc desc, device desc, seq desc"
             " limit 1" },
    /* What people decide about documents: project_reading.c. */
    { .name = "adaptation",
      .sql = "create table adaptation(event text primary key, adaptation text not null,"
             " hlc text not null, device text not null, seq integer not null, actor text not null,"
             " at_ms integer not null, trust integer not null, doc text not null,"
             " effect integer not null, needs integer not null, until integer not null,"
             " prep integer not null, replaces text not null, body text not null) without rowid;"
             "create index adaptation_adaptation on adaptation(adaptation);"
             "create index adaptation_doc on adaptation(doc)" },
    { .name = "adaptation_mark",
      .sql = "create table adaptation_mark(event text primary key, target text not null,"
             " mark text not null, actor text not null, hlc text not null, device text not null,"
             " seq integer not null, at_ms integer not null, day integer not null,"
             " why text not null) without rowid;"
             "create index adaptation_mark_target on adaptation_mark(target)" },
    { .name = "suggestion",
      .sql = "create table suggestion(event text primary key, doc text not null,"
             " adaptation text not null, path text not null, text text not null,"
             " actor text not null, hlc text not null, device text not null, seq integer not null,"
             " at_ms integer not null) without rowid;"
             "create index suggestion_doc on suggestion(doc)" },
    /* An answer of its own, or an adaptation that took the suggestion in (taken: its event). */
    { .name = "suggestion_answer",
      .sql = "create table suggestion_answer(event text not null, suggestion text not null,"
             " accepted integer not null, why text not null, taken text not null,"
             " actor text not null, hlc text not null, device text not null, seq integer not null,"
             " at_ms integer not null, primary key (suggestion, event)) without rowid" },
    { .name = "doc_read",
      .sql = "create table doc_read(event text primary key, person text not null,"
             " doc text not null, issuer text not null, revision integer not null,"
             " at_ms integer not null) without rowid;"
             "create index doc_read_person on doc_read(person);"
             "create index doc_read_doc on doc_read(doc, issuer, revision)" },
    { .name = "doc_considered",
      .sql = "create table doc_considered(event text primary key, doc text not null,"
             " article text not null, mark text not null, note text not null,"
             " actor text not null, hlc text not null, device text not null, seq integer not null,"
             " at_ms integer not null) without rowid;"
             "create index doc_considered_doc on doc_considered(doc, article)" },
    { .name = "doc_reviewed",
      .sql = "create table doc_reviewed(event text primary key, doc text not null,"
             " issuer text not null, revision integer not null, actor text not null,"
             " day integer not null) without rowid;"
             "create index doc_reviewed_doc on doc_reviewed(doc)" },
    /* What went wrong, and which of it a review says it looked at: a review counts for those that it
       names, so that one which came from elsewhere after it still stands. */
    { .name = "doc_incident",
      .sql = "create table doc_incident(event text primary key, doc text not null,"
             " kind text not null, day integer not null, words text not null,"
             " actor text not null, hlc text not null, device text not null, seq integer not null,"
             " at_ms integer not null) without rowid;"
             "create index doc_incident_doc on doc_incident(doc)" },
    { .name = "doc_incident_seen",
      .sql = "create table doc_incident_seen(event text not null, incident text not null,"
             " actor text not null, hlc text not null, device text not null, seq integer not null,"
             " at_ms integer not null, day integer not null, primary key (incident, event))"
             " without rowid" },
    /* Approvals that count: by another person than the signer, who held the competence by the last grant
       before it. Where clocks were apart and no grant stands before it, any grant of his counts: the
       kiosk that took the approval had seen one. */
    { .name = "adaptation_approved",
      .view = true,
      .sql = "create view adaptation_approved as select m.target as target, m.event as event,"
             " m.actor as actor, m.at_ms as at_ms, m.hlc as hlc from adaptation_mark m"
             " join adaptation v on v.event = m.target where m.mark = 'approved' and m.actor <> ''"
             " and m.actor <> v.actor and " MARK_HELD },
    /* Incidents that somebody who may approve says to have looked at; by the same rule. */
    { .name = "incident_seen",
      .view = true,
      .sql = "create view incident_seen as select m.incident as incident, m.event as event"
             " from doc_incident_seen m where m.actor <> '' and " MARK_HELD },
};

const size_t project_table_count = COUNT_OF(project_tables);
