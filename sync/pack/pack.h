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
/* new FOLDER | new --repository …: a folder to write in; a repository's first root and targets. */
int pack_new(int count, char **args);
extern const char pack_new_help[];
/* key make | list | rotate. */
int pack_key(int count, char **args);
extern const char pack_key_help[];
/* build SOURCE --into REPOSITORY --role ROLE: the next edition, staged. */
int pack_build(int count, char **args);
extern const char pack_build_help[];
/* sign REPOSITORY --key FILE: one signature more. */
int pack_sign(int count, char **args);
extern const char pack_sign_help[];
/* publish REPOSITORY --to FOLDER|URL | --stick FOLDER. */
int pack_publish(int count, char **args);
extern const char pack_publish_help[];
/* verify REPOSITORY: as a kiosk reads it. */
int pack_verify(int count, char **args);
extern const char pack_verify_help[];
/* tuf: a plain TUF client; 0 or exactly 1. */
int pack_tuf(int count, char **args);
extern const char pack_tuf_help[];
/* what-if --history EXPORT|DATA --forms FOLDER: which records would have come out otherwise. */
int pack_whatif(int count, char **args);
extern const char pack_whatif_help[];
