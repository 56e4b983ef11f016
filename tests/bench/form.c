/* How long a long form takes: to read it and judge it for the first time, and to judge it again
   after a tap. Prints the median and the worst of some runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/domain/form.h"
#include "platform/base/str.h"

enum { RUNS = 21, ROWS = 500, CSV_MAX = 512 * 1024, ARENA_MAX = 64 * 1024 * 1024 };

struct bench_form {
    const char *what;
    void (*write)(struct buf *csv);
};

static const char choices[] =
    "choices,list_name,name,label,in\n,pfn,pass,Pass,\n,pfn,fail,Fail,\n,pfn,na,N/A,\n"
    ",what,bent,Bent,\n,what,loose,Loose,\n,what,other,Something else,\n"
    ",town,ayr,Ayr,a\n,town,oban,Oban,b\n,town,wick,Wick,b\n"
    "settings,form_id,form_title,version,kiosk::fail_action\n,bench,Bench,1,F2\n";

/* Readings with limits, relevance, a constraint, and a calculation behind each. */
static void write_readings(struct buf *csv)
{
    buf_str(csv, "survey,type,name,label,required,relevant,constraint,calculation,kiosk::limit_low,"
                 "kiosk::limit_high,kiosk::critical\n");
    for (int i = 0; i < ROWS / 2; i++)
        buf_printf(csv,
                   ",decimal,n%d,Number %d,yes,%s,. >= 0 and . <= 100,,1,50,yes\n"
                   ",calculate,k%d,,,,,\"if(${n%d} = '', '', round(${n%d} * 1.5 + 2, 2))\",,,\n",
                   i, i, i > 0 ? "${n0} > 0" : "", i, i, i);
}

/* Questions of pass and fail: the engine adds what is wrong, put right, what was done, and why not. */
static void write_questions(struct buf *csv)
{
    buf_str(csv, "survey,type,name,label,relevant,kiosk::faults,kiosk::critical\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(csv, ",select_one pfn,q%d,Question %d,%s,what,%s\n", i, i,
                   i > 0 ? "${q0} != 'na'" : "", i % 3 == 0 ? "yes" : "");
}

/* Two hundred copies of a repeat, added up outside, and choices that depend on a row. */
static void write_repeat(struct buf *csv)
{
    buf_str(csv,
            "survey,type,name,label,relevant,calculation,choice_filter,kiosk::limit_high\n"
            ",text,area,Area,,,,\n,begin_repeat,r,Reading,,,,\n,decimal,v,Value at ${area},,,,9\n"
            ",calculate,t,,,${v} * 2,,\n,select_one town,town,Town,,,in = ${area},\n"
            ",end_repeat,,,,,,\n,calculate,sum,,,sum(${t}),,\n,calculate,most,,,max(${v}),,\n");
}

static const struct bench_form forms[] = {
    { "500 rows: readings and calculations", write_readings },
    { "500 pass or fail rows, 2000 and more with their follow-up rows", write_questions },
    { "200 copies of a repeat with 3 rows", write_repeat },
};

static double now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y ? 1 : 0;
}

static void tell(const char *what, double *ms)
{
    qsort(ms, RUNS, sizeof(*ms), by_time);
    (void)printf("  %-28s %7.2f ms, worst %7.2f ms\n", what, ms[RUNS / 2], ms[RUNS - 1]);
}

static bool fail(const char *what, const struct why *why)
{
    (void)fprintf(stderr, "bench-form: %s: %s\n", what, why->text);
    return false;
}

static bool judge(const struct form *f, struct arena *a, bool answered, struct form *laid)
{
    static const struct form_answer answers[] = { { "r", "200" }, { "area", "b" } };
    static const char *values[FORM_FIELDS_MAX];
    struct form_facts facts = { .today = "2026-11-22" };
    struct form_state state;
    struct why why;

    if (form_unfold(f, answers, COUNT_OF(answers), &facts, a, laid, &why) != ERR_OK)
        return fail("unfold", &why);
    for (size_t i = 0; i < laid->field_count; i++)
        values[i] = !answered                         ? NULL
                    : laid->fields[i].choices != NULL ? laid->fields[i].choices->rows[0].name
                                                      : "5";
    if (form_judge(laid, &(struct answers){ values }, &facts, a, &state, &why) != ERR_OK)
        return fail("judge", &why);
    return true;
}

static bool measure(const struct bench_form *bench)
{
    static struct form_faults faults;
    double first[RUNS], again[RUNS];
    struct form laid = { 0 };
    struct buf csv;
    size_t rows = 0;

    buf_init(&csv, CSV_MAX);
    bench->write(&csv);
    buf_str(&csv, choices);
    for (int i = 0; i < RUNS; i++) {
        struct arena kept, judged;
        struct form form;
        struct why why;
        double from = now_ms();
        bool good;

        arena_init(&kept, ARENA_MAX);
        arena_init(&judged, ARENA_MAX);
        if (form_parse(&kept, csv.data, csv.len, &form, &faults, &why) != ERR_OK)
            return fail(bench->what, &why);
        good = judge(&form, &judged, false, &laid);
        first[i] = now_ms() - from;
        rows = laid.field_count;
        arena_reset(&judged);
        from = now_ms();
        good = good && judge(&form, &judged, true, &laid);
        again[i] = now_ms() - from;
        form_done(&form);
        arena_done(&judged);
        arena_done(&kept);
        if (!good)
            return false;
    }
    buf_free(&csv);
    (void)printf("%s (%zu rows laid out)\n", bench->what, rows);
    tell("read and first judged", first);
    tell("judged again", again);
    return true;
}

int main(void)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (!measure(&forms[i]))
            return 1;
    return 0;
}
