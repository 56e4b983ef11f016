/* What of a request stands before its body: who asks, and what the headers say. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sync/hub/server_parts.h"

static void server_v6(const struct in6_addr *address, uint8_t out[LIMIT_ADDRESS])
{
    memcpy(out, address, 8); /* one subscriber has a whole /64 */
}
static void server_v4(const struct in_addr *address, uint8_t out[LIMIT_ADDRESS])
{
    memcpy(out + 12, address, 4);
}

/* The last address of the header: the one that the proxy in front of us wrote; those before it are anybody's words. */
static bool server_forwarded(struct MHD_Connection *c, uint8_t out[LIMIT_ADDRESS])
{
    const char *said = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Forwarded-For");
    struct in6_addr v6;
    struct in_addr v4;
    if (said == NULL)
        return false;

    const char *comma = strrchr(said, ',');
    said = comma != NULL ? comma + 1 : said;
    said += strspn(said, " ");
    if (inet_pton(AF_INET, said, &v4) == 1)
        server_v4(&v4, out);
    else if (inet_pton(AF_INET6, said, &v6) == 1)
        server_v6(&v6, out);
    else
        return false;
    return true;
}

void server_address(const struct server *s, struct MHD_Connection *c, uint8_t out[LIMIT_ADDRESS])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    memset(out, 0, LIMIT_ADDRESS);
    if (s->hub->behind_proxy && server_forwarded(c, out))
        return;
    if (info == NULL || info->client_addr == NULL)
        return;
    if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, info->client_addr, sizeof(v6));
        server_v6(&v6.sin6_addr, out);
    } else if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, info->client_addr, sizeof(v4));
        server_v4(&v4.sin_addr, out);
    }
}

static enum MHD_Result server_on_field(void *cls, enum MHD_ValueKind kind, const char *key,
                                       const char *value)
{
    struct server_fields *f = cls;
    (void)kind;

    f->bytes += strlen(key) + (value != NULL ? strlen(value) : 0) + 4;
    f->large = f->bytes > SERVER_HEADERS_MAX;
    if (f->large)
        return MHD_NO;
    char *name = arena_strdup(f->a, key);
    if (name == NULL || value == NULL) {
        f->bad = true;
        return MHD_NO;
    }
    for (char *c = name; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->fields[i].name, name) != 0)
            continue;
        f->fields[i].value = arena_printf(f->a, "%s, %s", f->fields[i].value, value);
        f->bad = f->bad || f->fields[i].value == NULL;
        return f->bad ? MHD_NO : MHD_YES;
    }
    if (f->count == SERVER_FIELDS_MAX) {
        f->large = true;
        return MHD_NO;
    }
    f->fields[f->count++] = (struct httpsig_field){ .name = name, .value = value };
    return MHD_YES;
}

void server_read_fields(struct MHD_Connection *c, struct server_fields *f)
{
    (void)MHD_get_connection_values(c, MHD_HEADER_KIND, server_on_field, f);
}
