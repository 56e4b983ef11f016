/* The commands that read a data folder: export, verify, find, person (DESIGN section 6). argc and argv are what follows the
   command's word. Return the exit status: 0 done; 1 the work failed, with one line on stderr; 2 wrong usage. */
#pragma once

int cmd_export(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_find(int argc, char **argv);
int cmd_person(int argc, char **argv);
