/* Readings over time, with the limits that each was judged by and where the trend leads. Drawn from what it is given;
   what it shows it also says in words (struct ui_chart.label), for those who cannot see it and for tests. */
#pragma once

#include "app/ui/ui.h"

enum { CHART_POINTS_MAX = 400 /* of more, the newest are drawn */ };

struct chart_point {
    int32_t day; /* civil day */
    double value;
    bool bad; /* judged a fail: drawn as a square, the others as dots */
    bool has_low, has_high;
    double low, high; /* the limits as they stood that day */
};

struct ui_chart {
    const char *id;
    const char *label;                /* the same in a sentence; its node's label */
    const struct chart_point *points; /* oldest first */
    size_t count;
    const char *from, *to; /* words under the ends of the time axis */
    bool has_trend; /* a dotted line from (trend_day, trend_value) to (trend_to, trend_to_value) */
    int32_t trend_day, trend_to;
    double trend_value, trend_to_value;
};

/* Inside r. Under CHART_ROOM_MM of height nothing but the node is left. */
enum { CHART_ROOM_MM = 18 };
void ui_chart(struct ui *ui, struct rect r, const struct ui_chart *chart);

/* A number as an axis or a sentence shows it: three figures, never in powers of ten below a million. In the frame's
   arena. */
const char *ui_chart_number(struct ui *ui, double value);
