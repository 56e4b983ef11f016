/* The commands of canny-pack, one file each. Each returns the exit status: 0 done, 1 the work failed, 2 wrong usage. Its
   help is what `canny-pack COMMAND --help` prints: usage, options, examples. */
#pragma once

/* lint FOLDER|FILE…: what is wrong with forms and documents, by file and row or line. */
int pack_lint(int count, char **paths);
extern const char pack_lint_help[];
/* try FORM.csv --answers FILE.json [--today DATE]: fills a form without a screen. */
int pack_try(int count, char **args);
extern const char pack_try_help[];
/* vectors FILE.json: the formulas of the trade against worked examples. */
int pack_vectors(int count, char **args);
extern const char pack_vectors_help[];
