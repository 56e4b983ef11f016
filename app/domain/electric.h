/* What portable equipment may show on a tester, beside earth continuity (earth.h): insulation,
   leakage, extension leads, RCDs, fuses and flexes. Every answer carries the source of its figure, its
   edition and how far it is to be trusted, as the record keeps them.

   Sources. Insulation at 500 V d.c.: IET Code of Practice for In-service Inspection and Testing, 4th
   edition: class I 1.0 Mohm, class I heating of 3 kW and more 0.3, class II 2.0, class III 0.25 (1 and
   2 Mohm sure, the others likely). Leakage, 4th edition: class I hand-held and portable 0.75 mA, other
   class I 3.5, class I heating 0.75 a kW, at least 0.75 and at most 5, class II 0.25; 5th edition (2020):
   5 mA for every class and type (likely: from a training body). Extension leads without a 30 mA RCD:
   12 m of 1.25 mm2, 15 m of 1.5, 25 m of 2.5 (likely). A 30 mA RCD trips within 200 ms (BS 7071) or
   300 ms (BS EN 61008) at its rated current, and within 40 ms at five times that (which of the two
   depends on the device: verify). BS 1362 fuses: 3 A up to about 700 W, 13 A above; flexes: 0.5 mm2
   behind 3 A, 0.75 carries 6 A, 1.0 10 A, 1.25 13 A, 1.5 15 A (likely). Pure. */
#pragma once

#include "app/domain/refusal.h"

struct electric_limit {
    double value;
    const char *unit;
    const char *source, *edition, *confidence; /* static; "sure", "likely", "verify" */
};

enum electric_class { CLASS_I, CLASS_II, CLASS_II_EARTHED, CLASS_III };
enum electric_type {
    TYPE_HAND_HELD,
    TYPE_PORTABLE,
    TYPE_MOVABLE,
    TYPE_STATIONARY,
    TYPE_IT,
    TYPE_FIXED,
    TYPE_LEAD,
};

/* As forms write them, in capitals or not: "i", "ii", "iife" (also "ii-fe"), "iii", or 1, 2, 3;
   "hand", "portable", "movable", "stationary", "it", "fixed", "lead", or the letters H, P, M and S.
   Refusals: CLASS_UNKNOWN, TYPE_UNKNOWN. */
const struct refusal *electric_class_read(const char *text, enum electric_class *out);
const struct refusal *electric_type_read(const char *text, enum electric_type *out);

/* At least so much. heating_kw: power of a heating appliance, 0 for any other.
   Refusal: HEATING_OUT_OF_RANGE. */
const struct refusal *electric_insulation(enum electric_class class, double heating_kw,
                                          struct electric_limit *out);

/* At most so much. edition: "4" or "5". Refusals: EDITION_UNKNOWN, HEATING_OUT_OF_RANGE,
   CLASS_HAS_NO_LEAKAGE (class III by the 4th edition). */
const struct refusal *electric_leakage(const char *edition, enum electric_class class,
                                       enum electric_type type, double heating_kw,
                                       struct electric_limit *out);

/* The longest extension lead without an RCD. Refusal: SECTION_HAS_NO_LENGTH. */
const struct refusal *electric_extension(double section_mm2, struct electric_limit *out);

/* The longest time to trip at 1 or 5 times the rated current; device "bs7071" or "bs61008".
   Refusals: DEVICE_UNKNOWN, MULTIPLE_UNKNOWN. */
const struct refusal *electric_rcd_trip(const char *device, double multiple,
                                        struct electric_limit *out);

/* The fuse for a load, where its maker states none. Refusal: POWER_OUT_OF_RANGE (0, or over the 3000 W
   that a 13 A plug carries). */
const struct refusal *electric_fuse(double power_w, struct electric_limit *out);

/* The most that a flexible cord carries. Refusal: SECTION_HAS_NO_CURRENT. */
const struct refusal *electric_flex(double section_mm2, struct electric_limit *out);
