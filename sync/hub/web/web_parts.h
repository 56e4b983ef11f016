/* The console's parts, for its own files only. */
#pragma once

#include "sync/hub/web/page.h"
#include "sync/hub/web/web.h"

/* Makes the page that was asked for: always answers (page.c). */
void web_answer(struct hub *h, struct hubstore *s, struct pages_job *job);
/* Another token, which the browser is given with the answer: what it held before is worth nothing (page.c). */
void page_token_new(struct page *p);
/* The hash under which the store knows the token. */
void page_token_hash(const struct page *p, uint8_t out[KEYS_HASH]);

/* The address, where it is a path of this hub; else "/" (signin.c). */
const char *page_to(const char *to);
/* A button for each issuer that vouches for people (oidc.c); to: a path of this hub. Returns how many there are. */
size_t oidc_buttons(struct page *p, const char *to);
/* Says that somebody is signed out, and how to be at that issuer (an id) too. Nothing where there is none. */
void oidc_out(struct page *p, const char *id);

/* Pages, by the file that they stand in. */
void signin_get(struct page *p);
void signin_post(struct page *p);
void signout_post(struct page *p);
void oidc_with_get(struct page *p);
void oidc_back_get(struct page *p);
void setup_get(struct page *p);
void setup_post(struct page *p);
void kiosks_get(struct page *p);
void audit_get(struct page *p);
void content_get(struct page *p);
void content_hold_post(struct page *p);
void account_get(struct page *p);
void account_end_post(struct page *p);
void asset_get(struct page *p);
void home_get(struct page *p);
