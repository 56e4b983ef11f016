/* The program's commands: each parses what follows its name and gives the exit status. */
#pragma once

int command_account(int argc, char **argv);
int command_authority(int argc, char **argv);
/* commands_oidc.c */
int command_oidc(int argc, char **argv);

int command_serve(int argc, char **argv);
int command_enrol(int argc, char **argv);
int command_export(int argc, char **argv);
int command_verify(int argc, char **argv);

/* commands_backup.c */
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_verify_backup(const char *file);

/* commands_content.c */
int command_content(int argc, char **argv);

/* commands_kiosk.c */
int command_kiosks(int argc, char **argv);
int command_revoke(int argc, char **argv);

/* commands_letter.c */
int command_letters(int argc, char **argv);
int command_stops(int argc, char **argv);
int command_answer(int argc, char **argv);
int command_voices(int argc, char **argv);

/* commands_stick.c */
int command_import(int argc, char **argv);

/* commands_person.c */
int command_person(int argc, char **argv);
int command_erase(int argc, char **argv);

/* commands_retention.c */
int command_retention(int argc, char **argv);
