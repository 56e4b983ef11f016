/* Energy that is kept, and lets go at once: capacitors, the sphere of a Van de Graaff machine, gas
   under pressure.

   Sources. Capacitor 1/2 C V^2 (above 10 J a hazard, caution from 0.5 to 1 J: verify). Sphere
   2 pi e0 r V^2, at most 0.5 J: Institute of Physics, Van de Graaff generator safety (sure); at 250 kV a
   sphere of 10 cm radius holds 0.348 J, one of 15 cm 0.522 J and is over. Gas: the product of pressure and
   volume; Pressure Systems Safety Regulations 2000: from 250 bar litres a written scheme of examination
   is needed, above 0.5 bar gauge; steam needs one at any pressure and size (sure). Pure. */
#pragma once

#include <stdbool.h>

#include "app/domain/refusal.h"

/* Joules. Refusal: ELECTRIC_OUT_OF_RANGE: negative, no number, over 10 F, over 10 m, over 10 MV. */
const struct refusal *energy_capacitor(double farads, double volts, double *out_j);
const struct refusal *energy_sphere(double radius_m, double volts, double *out_j);

enum energy_fluid { FLUID_GAS, FLUID_STEAM };

struct energy_vessel {
    double bar_litres;
    bool scheme; /* a written scheme of examination is needed before use */
};

/* bar is gauge pressure. Refusal: PRESSURE_OUT_OF_RANGE. */
const struct refusal *energy_vessel(enum energy_fluid fluid, double bar, double litres,
                                    struct energy_vessel *out);
