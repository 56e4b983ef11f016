/* What tests/lint/banned.sh must find, each line marked, and what it must leave alone. */
#include <sys/system(.h>

void banned(char *to, const char *from)
{
    strcpy(to, from);                 /* WANT */
    (void)sprintf (to, "%s", from);   /* WANT */
    if (atoi(from) > 0 && !gets(to))  /* WANT */
        system(from);                 /* WANT */
    x = localtime(&now);              /* WANT */
    // WANT
    y = 1; // WANT
    /* TODO: some day WANT */
    /* a comment of two lines,
       FIXME in the second WANT */
    z = '"'; strtok(to, "\"/*");      /* WANT */
}

void allowed(char *to, const char *from)
{
    const char *url = "http://127.0.0.1"; /* strcpy(a, b) in a comment, // too */
    const char *said = "system(\"ls\") \\";
    (void)snprintf(to, 4, "%s", from);
    (void)localtime_r(&now, &parts);
    (void)strtok_r(to, from, &rest);
    hub->system(from);
    my_atoi(from);
    char quote = '\'', slash = '/';
    /* TODO #12: what the issue says */
}
