#include "sync/hub/hubstore_parts.h"

/* Version 3 (HUBSTORE_BASE), and what was added to it since.

   Whatever grows has its site first in its key, so that a database of many machines can keep each site's rows together
   (SCALE.md); owner, code, nonce and post stand by their own keys. A line's number is the order in which a site's kiosks
   read; its author is the device's number within the site. */
const char hubstore_schema[] =
    "create table site(id ctext primary key, name text not null unique, voice ctext not null,"
    " next_no bigint not null default 1, hlc ctext not null default '');"
    /* Which site a device belongs to, for ever. */
    "create table owner(device ctext primary key, site ctext not null);"
    "create table device(site ctext not null, id ctext not null, name text not null,"
    " cert text not null, enrolled_ms bigint not null, head_seq bigint not null default 0,"
    " head_hash ctext not null default '', head_signature text not null default '',"
    " revoked_ms bigint not null default 0, primary key(site, id));"
    /* head: the highest line below which none is missing. mark: the highest ever stored, so that a tail that is lost
       later shows. */
    "create table author(site ctext not null, no bigint not null, device ctext not null,"
    " head_seq bigint not null, head_hash bytea not null, mark_seq bigint not null,"
    " mark_hash bytea not null, primary key(site, no), unique(site, device));"
    "create table line(site ctext not null, no bigint not null, author bigint not null,"
    " seq bigint not null, hlc bytea not null, hash bytea not null, wanted bigint not null,"
    " line text not null, primary key(site, no), unique(site, author, seq));"
    /* Those that the tables below are made of, so that following them reads no others. */
    "create index line_wanted on line(site, no) where wanted = 1;"
    /* Names beside the lines; \"\" once erased. */
    "create table blob(site ctext not null, hash ctext not null, salt text not null,"
    " text text not null, primary key(site, hash));"
    "create table code(hash bytea primary key, site ctext not null, expires_ms bigint not null,"
    " used_by ctext not null default '');"
    "create table nonce(device ctext not null, nonce ctext not null, at_ms bigint not null,"
    " primary key(device, nonce));"
    "create index nonce_at on nonce(at_ms);"
    "create table status(site ctext not null, device ctext not null, at_ms bigint not null,"
    " json text not null, primary key(site, device));"
    "create table alarm(site ctext not null, no bigint not null, at_ms bigint not null,"
    " device ctext not null, code text not null, text text not null, primary key(site, no));"
    /* What came without a name: no kiosk, no site, no moment. */
    "create table post(key ctext primary key, kind text not null, month ctext not null,"
    " body text not null);"
    /* How far the tables below have followed the lines. */
    "create table follow(site ctext primary key, no bigint not null);"
    "create table letter(site ctext not null, no bigint not null, id ctext not null,"
    " at text not null, receiver text not null, about text not null, question text not null,"
    " primary key(site, no));"
    "create index letter_id on letter(id);"
    "create table answered(site ctext not null, no bigint not null, letter ctext not null,"
    " primary key(site, no));"
    "create index answered_letter on answered(site, letter)";

/* What copies of the hub share and a single one keeps in a file: its key. */
const char hubstore_schema_shared[] =
    "create table secret(name ctext primary key, secret bytea not null)";

/* What each version after the third adds; the first of these makes the fourth. A step that stands is never changed: hubs
   may be at it. */
const char *const hubstore_steps[HUBSTORE_VERSION - HUBSTORE_BASE] = {
    /* What is one for the whole hub: "url", where its kiosks find it. */
    ("create table hub_meta(key ctext primary key, value text not null);"
     /* Sites that kiosks founded without a hub, and who of them others have let in: enrolled is 0 until the hub has
       written its enrolment. */
     "create table adopted(site ctext primary key, founder ctext not null, url text not null);"
     "create table admitted(site ctext not null, device ctext not null, name text not null,"
     " enrolled bigint not null default 0, primary key(site, device));"
     "create index admitted_open on admitted(site) where enrolled = 0"),
    /* The keys under which the hub writes: they change with its epoch, in one transaction. */
    "create table if not exists secret(name ctext primary key, secret bytea not null)",
    /* Attachments. held: bytes that stand in pieces without a gap; whole: all of them, and they are what the hash says. */
    ("create table file(site ctext not null, hash ctext not null, type ctext not null,"
     " bytes bigint not null, held bigint not null default 0, whole bigint not null default 0,"
     " device ctext not null, at_ms bigint not null, primary key(site, hash));"
     "create index file_open on file(at_ms) where whole = 0;"
     "create table file_part(site ctext not null, hash ctext not null, at bigint not null,"
     " data bytea not null, primary key(site, hash, at))"),
    /* Who was called what, and who is to be named no longer. What stood before this is followed once more. */
    ("create table named(site ctext not null, hash ctext not null, person ctext not null,"
     " badge bigint not null, primary key(site, hash));"
     "create index named_person on named(site, person);"
     "create table erased(site ctext not null, person ctext not null, primary key(site, person));"
     "update line set wanted = 1 where wanted = 0 and (line like '%\"kind\":\"person.%' or"
     " line like '%\"kind\":\"badge.%' or line like '%\"kind\":\"line.carried\"%');"
     "delete from follow"),
    /* The device whose card was copied, and the one that a code's kiosk takes the place of. */
    ("alter table device add column was ctext not null default '';"
     "alter table code add column replaces ctext not null default ''"),
    /* Content: the metadata of each role (stands: 0 on offer, 1 it counts), which files it names with their bytes unpacked, and
       those files, packed as they travel. What kiosks say that they have installed. */
    ("create table content_meta(role ctext not null, version bigint not null,"
     " stands bigint not null, expires_ms bigint not null, at_ms bigint not null,"
     " body bytea not null, primary key(role, version));"
     "create table content_ref(role ctext not null, version bigint not null, name ctext not null,"
     " bytes bigint not null, primary key(role, version, name));"
     "create index content_ref_name on content_ref(name);"
     "create table content_file(name ctext primary key, size bigint not null,"
     " body bytea not null);"
     "create table content_hold(role ctext primary key, percent bigint not null);"
     "create table content_install(site ctext not null, device ctext not null,"
     " role ctext not null, edition text not null, version bigint not null, state ctext not null,"
     " why text not null, at_ms bigint not null, primary key(site, device, role))"),
    /* wanted: LINES_FOLLOWED and LINES_SAID of lines.h. What schools say of notices is found without reading all the rest. */
    ("update line set wanted = wanted + 2 where wanted < 2 and line like '%\"stop.%';"
     "drop index line_wanted;"
     "create index line_followed on line(site, no) where wanted in (1, 3);"
     "create index line_said on line(site, no) where wanted >= 2"),
    /* People at the hub: the authorities that schools belong to ("": the only one there is), who may sign in (issuer "": by
       this hub's own password and code), what they may do where, and what was done. A session's and an invitation's
       hash is of the token that its holder has. */
    ("create table authority(id ctext primary key, name text not null unique);"
     "alter table site add column authority ctext not null default '';"
     "create table account(id ctext primary key, login text not null, issuer text not null,"
     " name text not null, password text not null default '', totp bytea not null default '',"
     " totp_step bigint not null default 0, fails bigint not null default 0,"
     " shut_ms bigint not null default 0, ended_ms bigint not null default 0,"
     " made_ms bigint not null, seen_ms bigint not null default 0, unique(issuer, login));"
     "create table account_grant(account ctext not null, role ctext not null,"
     " authority ctext not null, site ctext not null,"
     " primary key(account, role, authority, site));"
     "create table account_invite(hash bytea primary key, account ctext not null,"
     " ends_ms bigint not null);"
     "create table session(hash bytea primary key, account ctext not null,"
     " made_ms bigint not null, seen_ms bigint not null, ends_ms bigint not null);"
     "create index session_account on session(account);"
     "create table audit(no bigint primary key, at_ms bigint not null, actor ctext not null,"
     " authority ctext not null, site ctext not null, line text not null, hash ctext not null)"),
    /* The role employers/ID whose content an authority's people publish; "": none yet. */
    "alter table authority add column employer ctext not null default ''",
    /* A random number that a line is given together with its site's number; 0 before this version. A hub that was put back
       gives the same numbers out again, and never the same tokens. */
    "alter table line add column token bigint not null default 0",
    /* Who vouches for people (hubstore_oidc.h): secret is sealed; config and keys are what it last told of itself. What grants
       which role where. States of sign-ins that came back already, so that none is taken twice. */
    ("create table oidc(id ctext primary key, name text not null unique,"
     " issuer text not null unique, client text not null, secret bytea not null,"
     " scopes text not null, proxy text not null, authority ctext not null,"
     " made_ms bigint not null);"
     "create table oidc_told(oidc ctext primary key, config text not null,"
     " config_ms bigint not null, keys text not null, keys_ms bigint not null);"
     "create table oidc_map(oidc ctext not null, claim ctext not null, value ctext not null,"
     " role ctext not null, authority ctext not null, site ctext not null,"
     " primary key(oidc, claim, value, role, authority, site));"
     "create table oidc_used(state bytea primary key, ends_ms bigint not null);"
     "create index oidc_used_ends on oidc_used(ends_ms)"),
};
