/* canny file: what belongs to records beside the log, for IT. argc and argv are what follows the command's word. Returns
   the exit status: 0 done; 1 the work failed, with one line on stderr; 2 wrong usage. */
#pragma once

int cmd_file(int argc, char **argv);
