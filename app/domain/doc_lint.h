/* What an author is told about a document before anybody sees it: every fault with its line, and
   what the document points to, for whoever knows the folder. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/doc.h"

enum {
    DOC_FAULTS_MAX = 200,
    DOC_REFS_MAX = 4000,
    DOC_TITLE_MAX = 80, /* characters */
};

struct doc_fault {
    unsigned line;
    const char *text;
};

enum doc_ref_kind {
    DOC_REF_DOC,     /* a document's id */
    DOC_REF_CHEM,    /* the id of a chemical's document */
    DOC_REF_KIND,    /* a kind of equipment, of kinds.csv */
    DOC_REF_SIGN,    /* a file of assets/signs, without its ".svg" */
    DOC_REF_PICTURE, /* a file of the folder pictures */
};
struct doc_ref {
    enum doc_ref_kind kind;
    const char *to, *from; /* from: the key, or "the text" */
    unsigned line;         /* 1 where only the document is known */
};

struct doc_lint {
    bool readable;  /* the kiosk would show it; doc is filled */
    struct doc doc; /* else only its front, as far as that could be read */
    struct doc_fault *faults;
    size_t fault_count;
    bool more; /* than DOC_FAULTS_MAX */
    struct doc_ref *refs;
    size_t ref_count;
};

/* In the arena. ERR_NOMEM only; what is wrong with the document stands in out. */
MUST_USE enum err doc_lint(struct arena *a, const char *source, size_t len, struct doc_lint *out,
                           struct why *why);
