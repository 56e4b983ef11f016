/* `canny import`: a register from a spreadsheet into a kiosk's records. */
#pragma once

/* argc and argv without the program's name and the command's word. */
int cmd_import(int argc, char **argv);
