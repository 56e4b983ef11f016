/* What the lines of a random history are made from: a row for each sort of line, its kind as it stands in the log. */
#pragma once

#include "tests/app/store/history_kiosks.h"

/* In a body and a subject stand for something random:
     %i item  %p person  %l label  %h hash of a name or a badge  %c code  %d day  %t letter  %x document  %o outcome
     %n a small number  %b true or false  %s the line's subject  %f a form  %D the writing device
     %I %P %C %A %S %N %R an earlier line about an item, of a person, a check, an adaptation, a suggestion, an incident, a notice
     %E any earlier line
   Mostly a line that names an earlier one is about the same thing and by the same form, an undo by the same person on the
   same device: a rule that asks for it would else hardly ever be met. */
struct history_kind {
    const char *kind, *subject, *body;
};
static const struct history_kind history_kinds[] = {
    { "site.founded", "s%n", "{\"name\":\"School %n\"}" },
    { "site.calendar", "s1", "{\"calendar\":\"c%n\",\"replaces\":[\"%E\"]}" },
    { "site.constituency", "s1", "{\"constituency\":\"S1200003%n\"}" },
    { "kiosk.enrolled", "k%n", "{\"name\":\"Kiosk %n\",\"site\":\"s1\"}" },
    { "kiosk.enrolled", HISTORY_KIOSK_A,
      "{\"name\":\"A %n\",\"site\":\"00112233445566aa\",\"certificate\":\"" HISTORY_CERTIFICATE_A
      "\"}" },
    { "kiosk.admitted", HISTORY_KIOSK_B,
      "{\"name\":\"B %n\",\"site\":\"00112233445566aa\",\"admission\":\"" HISTORY_ADMISSION_B
      "\"}" },
    { "kiosk.admitted", HISTORY_KIOSK_C,
      "{\"name\":\"C %n\",\"site\":\"00112233445566aa\",\"admission\":\"" HISTORY_ADMISSION_C
      "\"}" },
    { "kiosk.revoked", HISTORY_KIOSK_B,
      "{\"site\":\"00112233445566aa\",\"revocation\":\"" HISTORY_REVOCATION_B "\"}" },
    { "hub.voice", "%D", "{\"certificate\":\"%h\"}" },
    { "kiosk.forked", "k%n", "{\"was\":\"%D\",\"seq\":%n,\"ours\":\"%h\",\"theirs\":\"%h\"}" },
    { "item.registered", "%i", "{\"label\":\"%l\",\"kind\":\"k%n\",\"name\":\"Thing %n\"}" },
    { "item.registered", "%i",
      "{\"label\":\"%l\",\"kind\":\"k%n\",\"name\":\"Thing %n\",\"room\":\"R%n\",\"kit\":\"%i\","
      "\"facts\":{\"activity_bq\":\"%n\",\"nuclide\":\"Sr-90\",\"use_by\":\"%d\"},\"replaces\":\"%"
      "I\"}" },
    { "item.registered", "%i",
      "{\"label\":\"\",\"kind\":\"k%n\",\"name\":\"Two in one\",\"retired\":%b,\"lost\":%b,"
      "\"retired_why\":\"Worn\",\"facts\":{\"activity_bq\":\"\"},\"replaces\":[\"%I\",\"%I\"]}" },
    { "item.labelled", "%i", "{\"label\":\"%l\"}" },
    { "item.document", "%i",
      "{\"document\":\"d%n\",\"title\":\"Paper %n\",\"sort\":\"report\",\"day\":\"%d\",\"check\":"
      "\"%C\",\"file\":{\"sha256\":\"%h\",\"type\":\"application/"
      "pdf\",\"bytes\":1%n,\"name\":\"p\"}"
      "}" },
    { "item.document", "%i",
      "{\"document\":\"d%n\",\"withdrawn\":true,\"why\":\"Slip\",\"replaces\":\"%I\"}" },
    { "person.added", "%p", "{\"name\":\"%h\",\"role\":\"r%n\"}" },
    { "person.added", "%p", "{\"name\":\"%h\",\"role\":\"r%n\",\"replaces\":\"%P\"}" },
    { "badge.issued", "%p", "{\"badge\":\"%h\"}" },
    { "badge.issued", "%p", "{\"badge\":\"%h\",\"replaces\":[\"%P\"]}" },
    { "person.erased", "%p", "{\"reason\":\"asked\",\"hashes\":[\"%h\",\"%h\"]}" },
    { "competence.granted", "%p", "{\"code\":\"%c\",\"until\":\"%d\",\"basis\":\"Course\"}" },
    { "competence.granted", "%p", "{\"code\":\"%c\",\"until\":\"\",\"replaces\":[\"%P\"]}" },
    { "check.recorded", "%i",
      "{\"form\":\"%f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":\"%s\",\"day\":\"%"
      "d\","
      "\"outcome\":\"%o\",\"answers\":[]}" },
    { "check.recorded", "%i",
      "{\"form\":\"%f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":\"%s\",\"day\":\"%"
      "d\","
      "\"outcome\":\"%o\",\"reason\":\"Loose\",\"life\":\"l%n\",\"custody\":\"out\","
      "\"countersign\":"
      "\"%c\",\"corrects\":\"%C\",\"corrects_why\":\"A "
      "slip\",\"answers\":[{\"field\":\"a\",\"label\":"
      "\"A\",\"value\":\"%n\",\"unit\":\"Bq\",\"fact\":\"activity_bq\"},{\"field\":\"who\","
      "\"label\":"
      "\"Who\",\"value\":\"%p\"},{\"field\":\"u\",\"label\":\"U\",\"value\":\"%d\",\"fact\":"
      "\"use_by\"}],\"instruments\":[{\"item\":\"%i\",\"label\":\"M\"}],"
      "\"releases\":[\"%C\",\"%C\"]}" },
    { "check.recorded", "%i",
      "{\"form\":\"%f\",\"form_version\":\"2\",\"form_title\":\"F\",\"item\":\"%s\",\"day\":\"%"
      "d\","
      "\"outcome\":\"%o\",\"custody\":\"in\",\"life\":\"l%n\",\"next_due\":\"%d\",\"tray\":\"t%n\","
      "\"made\":\"%i\","
      "\"imported\":%b,\"answers\":[],\"releases\":[\"%C\"]}" },
    { "check.recorded", "%i",
      "{\"form\":\"%f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":\"%s\",\"day\":\"%"
      "d\",\"outcome\":\"%o\",\"corrects\":\"%C\",\"corrects_why\":\"A slip\",\"answers\":[]}" },
    { "check.recorded", "%i",
      "{\"form\":\"%f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":\"%s\",\"day\":\"%d\","
      "\"outcome\":\"%o\",\"life\":\"l%n\",\"countersign\":\"%c\",\"answers\":[{\"field\":\"u\","
      "\"label\":\"U\",\"value\":\"%d\",\"fact\":\"use_by\"}]}" },
    { "check.withdrawn", "%i", "{\"check\":\"%C\"}" },
    { "check.countersigned", "%i", "{\"check\":\"%C\",\"code\":\"%c\"}" },
    { "clock.learnt", "%D", "{\"lines\":[[1,1,%n000],[2,2,-%n000]]}" },
    { "clock.learnt", "%D", "{\"lines\":[[1,3,-%n00]]}" },
    { "letter.queued", "%t",
      "{\"form\":\"ask\",\"version\":\"1\",\"title\":\"Q\",\"to\":\"s\",\"about\":[\"%i\",\"%x\"],"
      "\"answers\":{\"q\":\"Why %n\"},\"facts\":[]}" },
    { "letter.answered", "%t",
      "{\"text\":\"Because %n\",\"by\":\"B\",\"from\":\"hub\",\"files_to\":[\"%x\"]}" },
    { "letter.withdrawn", "%t", "{}" },
    { "assessment.adapted", "a%n",
      "{\"model\":\"%x\",\"title\":\"Cross\",\"issuer\":\"Example\",\"revision\":%n,\"class\":\"5C%"
      "n\","
      "\"stage\":\"N5\",\"groups\":8,\"until\":\"%d\",\"needs_approval\":%b,\"replaces\":[\"%A\"],"
      "\"accepts\":[\"%S\"],\"base\":[{\"path\":\"mode\",\"text\":\"pupils\"},{\"path\":\"control/"
      "1\","
      "\"text\":\"Small\"},{\"path\":\"step/"
      "1\",\"text\":\"Weigh\"}],\"mine\":[0,1,{\"path\":\"control/+1\","
      "\"text\":\"Stand\"},2]}" },
    { "assessment.adapted", "a%n",
      "{\"model\":\"%x\",\"title\":\"Cross\",\"issuer\":\"Example\",\"revision\":%n,\"class\":\"5C%"
      "n\","
      "\"until\":\"%d\",\"replaces\":[\"%A\"],\"base\":[{\"path\":\"mode\",\"text\":\"pupils\"},"
      "{\"path\":\"control/1\",\"text\":\"Small\"}],\"mine\":[0]}" },
    { "assessment.approved", "a%n", "{\"adaptation\":\"%A\",\"why\":\"Fine\"}" },
    { "assessment.declined", "a%n", "{\"adaptation\":\"%A\",\"why\":\"Why so\"}" },
    { "assessment.withdrawn", "a%n", "{\"adaptation\":\"%A\"}" },
    { "assessment.suggested", "%x",
      "{\"doc\":\"%x\",\"path\":\"control/%n\",\"text\":\"A tray\"}" },
    { "suggestion.answered", "%x", "{\"suggestion\":\"%S\",\"accepted\":%b,\"why\":\"No\"}" },
    { "document.read", "%x", "{\"doc\":\"%x\",\"issuer\":\"Example\",\"revision\":%n}" },
    { "document.considered", "%x",
      "{\"doc\":\"%x\",\"article\":\"a%n\",\"mark\":\"ask\",\"note\":\"?\"}" },
    { "document.incident", "%x",
      "{\"doc\":\"%x\",\"day\":\"%d\",\"kind\":\"%k\",\"words\":\"It boiled over %n\"}" },
    { "document.reviewed", "%x",
      "{\"doc\":\"%x\",\"issuer\":\"Example\",\"revision\":%n,\"incidents\":[\"%N\",\"%N\"]}" },
    { "stop.seen", "n%n", "{\"revision\":%n,\"held\":1,\"items\":[\"%i\"]}" },
    { "stop.answered", "%i",
      "{\"notice\":\"n%n\",\"revision\":1,\"answer\":\"found\",\"replaces\":[\"%R\"]}" },
    { "stop.answered", "%i", "{\"notice\":\"n1\",\"revision\":1,\"answer\":\"gone\"}" },
    { "stop.cleared", "%i",
      "{\"notice\":\"n1\",\"revision\":2,\"why\":\"repaired\",\"note\":\"New "
      "lead\",\"competence\":"
      "\"T\",\"answers\":[\"%R\",\"%R\"]}" },
    { "stop.withdrawn", "%i", "{\"line\":\"%R\"}" },
    /* About the device itself, whatever stands here: history_add. */
    { "clock.learnt", "", "{\"lines\":[[1,%n,%n],[5,6,-%n000]]}" },
    /* Not known here, or not what the kind says. */
    { "steriliser.run", "%i", "{\"f0\":%n,\"check\":\"%C\"}" },
    { "lamp.burnt", "", "{}" },
    { "check.recorded", "%i", "{\"form\":7}" },
    { "item.registered", "%i", "{\"label\":[],\"name\":\"%E\"}" },
    { "check.withdrawn", "%i", "{\"check\":\"not a line\"}" },
    { "assessment.approved", "a%n", "{\"adaptation\":[\"%A\"]}" },
    { "stop.cleared", "%i", "{\"notice\":\"n1\",\"why\":\"x\",\"answers\":[7]}" },
};
