#include "app/domain/sign.h"

#include "platform/base/str.h"

/* The ids are those of the standards (GHS; ISO 7010), the words are ours. A row needs its picture in assets/signs and its
   lines in tests/tools/signs.py; a test holds the three together. */
static const struct sign signs[] = {
    { "ghs01", "Explosive", SIGN_GHS },
    { "ghs02", "Flammable", SIGN_GHS },
    { "ghs03", "Feeds fire", SIGN_GHS },
    { "ghs04", "Gas under pressure", SIGN_GHS },
    { "ghs05", "Corrosive", SIGN_GHS },
    { "ghs06", "Toxic", SIGN_GHS },
    { "ghs07", "Harmful or irritant", SIGN_GHS },
    { "ghs08", "Health hazard", SIGN_GHS },
    { "ghs09", "Harms the environment", SIGN_GHS },
    { "m001", "This must be done", SIGN_MANDATORY },
    { "m002", "Read the instructions", SIGN_MANDATORY },
    { "m003", "Ear protection", SIGN_MANDATORY },
    { "m004", "Eye protection", SIGN_MANDATORY },
    { "m006", "Unplug from the mains", SIGN_MANDATORY },
    { "m008", "Safety footwear", SIGN_MANDATORY },
    { "m009", "Gloves", SIGN_MANDATORY },
    { "m010", "Protective clothing", SIGN_MANDATORY },
    { "m011", "Wash hands", SIGN_MANDATORY },
    { "m013", "Face shield", SIGN_MANDATORY },
    { "m016", "Mask", SIGN_MANDATORY },
    { "m017", "Breathing protection", SIGN_MANDATORY },
    { "m021", "Disconnect first", SIGN_MANDATORY },
    { "m026", "Apron", SIGN_MANDATORY },
    { "m059", "Laboratory coat", SIGN_MANDATORY },
    { "p001", "Not allowed", SIGN_PROHIBITED },
    { "p002", "No smoking", SIGN_PROHIBITED },
    { "p003", "No flames", SIGN_PROHIBITED },
    { "p007", "Not with a heart implant", SIGN_PROHIBITED },
    { "p011", "Never put water on it", SIGN_PROHIBITED },
    { "p022", "No eating or drinking", SIGN_PROHIBITED },
    { "p028", "No gloves", SIGN_PROHIBITED },
    { "w001", "Danger", SIGN_WARNING },
    { "w002", "Explosives", SIGN_WARNING },
    { "w003", "Radioactive", SIGN_WARNING },
    { "w004", "Laser beam", SIGN_WARNING },
    { "w009", "Biological hazard", SIGN_WARNING },
    { "w010", "Freezing cold", SIGN_WARNING },
    { "w012", "Electric shock", SIGN_WARNING },
    { "w016", "Poison", SIGN_WARNING },
    { "w017", "Hot surface", SIGN_WARNING },
    { "w021", "Catches fire", SIGN_WARNING },
    { "w023", "Corrosive substances", SIGN_WARNING },
    { "w024", "Crushes hands", SIGN_WARNING },
    { "w028", "Substances that feed fire", SIGN_WARNING },
    { "w029", "Pressurised cylinder", SIGN_WARNING },
    { "w038", "Sudden loud noise", SIGN_WARNING },
    { "e001", "Way out, left", SIGN_SAFE },
    { "e002", "Way out, right", SIGN_SAFE },
    { "e003", "First aid", SIGN_SAFE },
    { "e010", "Defibrillator", SIGN_SAFE },
    { "e011", "Eyewash", SIGN_SAFE },
    { "e012", "Safety shower", SIGN_SAFE },
    { "f001", "Fire extinguisher", SIGN_FIRE },
    { "f005", "Fire alarm", SIGN_FIRE },
    { "f016", "Fire blanket", SIGN_FIRE },
};

const struct sign *sign_by_id(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (str_eq(signs[i].id, id))
            return &signs[i];
    return NULL;
}

const char *sign_words(const char *id)
{
    const struct sign *sign = sign_by_id(id);
    return sign != NULL ? sign->words : id;
}

const struct sign *sign_all(size_t *out_count)
{
    *out_count = COUNT_OF(signs);
    return signs;
}
