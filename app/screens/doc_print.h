/* A document on paper, as the reader shows it. */
#pragma once

#include "app/app.h"
#include "app/domain/doc.h"

void doc_print(struct app *app, const struct doc *d);
