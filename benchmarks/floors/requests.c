// Requests as a plain C program with jansson serves them: parse, find the method, read its parameters,
// build a reply, print it. There is no model: what it answers is made up, of about the size of an answer.
// A server that models something is measured beside it.
#include <jansson.h>

#include <stdint.h>

#include "lines.h"

static bool get_frame(const json_t *object, const char *name, uint64_t *frame) {
    const char *text = json_string_value(json_object_get(object, name));
    if (!text || text[0] != '0' || text[1] != 'x' || !text[2]) return false;
    uint64_t value = 0;
    for (const char *at = text + 2; *at; at++) {
        unsigned digit = (unsigned char)*at;
        if (digit - '0' < 10) digit -= '0';
        else if ((digit | 32) - 'a' < 6) digit = (digit | 32) - 'a' + 10;
        else return false;
        if (value >> 60) return false;
        value = value << 4 | digit;
    }
    *frame = value;
    return true;
}

static bool get_integer(const json_t *object, const char *name, json_int_t least, json_int_t *value) {
    const json_t *found = json_object_get(object, name);
    if (!json_is_integer(found)) return false;
    *value = json_integer_value(found);
    return *value >= least;
}

// Written by hand, as snprintf takes as long as all else that a reply costs; so does json_pack.
static json_t *frame(uint64_t number) {
    int digits = number ? (67 - __builtin_clzll(number)) / 4 : 1;
    char text[18] = "0x";
    for (int at = digits + 1; at > 1; at--, number >>= 4) text[at] = "0123456789abcdef"[number & 15];
    return json_stringn_nocheck(text, (size_t)digits + 2);
}

static json_t *object(const char *name, json_t *value) {
    json_t *made = json_object();
    json_object_set_new_nocheck(made, name, value);
    return made;
}

static json_t *entry(uint64_t gfn, uint64_t mfn, const char *type) {
    json_t *made = object("gfn", frame(gfn));
    json_object_set_new_nocheck(made, "mfn", frame(mfn));
    json_object_set_new_nocheck(made, "type", json_string_nocheck(type));
    return made;
}

struct asked {
    json_int_t domain;
    uint64_t gfn;
};

static bool get_asked(const json_t *params, struct asked *asked) {
    return get_integer(params, "domain", 0, &asked->domain) && get_frame(params, "gfn", &asked->gfn);
}

// Each method answers its result; NULL where a parameter is wrong.

static json_t *map_foreign_page(const json_t *params) {
    struct asked at, from;
    if (!get_asked(params, &at) || !get_asked(json_object_get(params, "from"), &from)) return NULL;
    return entry(at.gfn, from.gfn, "p2m_map_foreign_rw");
}

static json_t *map_grant_frame(const json_t *params) {
    struct asked at;
    json_int_t number;
    if (!get_asked(params, &at) || !get_integer(params, "frame", 0, &number)) return NULL;
    return entry(at.gfn, (uint64_t)number, "p2m_ram_rw");
}

static json_t *query_physmap(const json_t *params) {
    struct asked at;
    return get_asked(params, &at) ? entry(at.gfn, at.gfn, "p2m_map_foreign_rw") : NULL;
}

static json_t *unmap(const json_t *params) {
    struct asked at;
    return get_asked(params, &at) ? object("gfn", frame(at.gfn)) : NULL;
}

static json_t *query_array(const json_t *params) {
    json_int_t domain, first, count;
    if (!get_integer(params, "domain", 0, &domain) || !get_integer(params, "first", 0, &first)
        || !get_integer(params, "count", 0, &count) || count > 1024)
        return NULL;
    json_t *frames = json_array();
    for (json_int_t i = first; i < first + count; i++) json_array_append_new(frames, frame((uint64_t)i));
    return object("frames", frames);
}

static json_t *create_domain(const json_t *params) {
    json_int_t domain;
    return get_integer(params, "domain", 0, &domain) ? object("domain", json_integer(domain)) : NULL;
}

static const struct method {
    const char *name;
    json_t *(*answer)(const json_t *params);
} methods[] = {
    {"foreignPage.map", map_foreign_page}, {"grantFrame.map", map_grant_frame}, {"physmap.query", query_physmap},
    {"physmap.unmap", unmap},              {"array.query", query_array},        {"domain.create", create_domain},
};

static json_t *failure(int code, const char *message) {
    json_t *made = object("code", json_integer(code));
    json_object_set_new_nocheck(made, "message", json_string_nocheck(message));
    return made;
}

// The member `result` or `error` of a reply, and which of them it is.
static json_t *outcome(const json_t *request, const char **member) {
    *member = "error";
    if (!request) return failure(-32700, "Parse error");
    const char *name = json_string_value(json_object_get(request, "method"));
    if (!name) return failure(-32600, "Invalid Request");
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (strcmp(methods[i].name, name)) continue;
        json_t *result = methods[i].answer(json_object_get(request, "params"));
        if (!result) return failure(-32602, "Invalid params");
        *member = "result";
        return result;
    }
    return failure(-32601, "Method not found");
}

static json_t *reply_to(const json_t *request) {
    json_t *reply = json_object(), *id = json_object_get(request, "id");
    json_object_set_new_nocheck(reply, "jsonrpc", json_string_nocheck("2.0"));
    json_object_set_new_nocheck(reply, "id", id ? json_incref(id) : json_null());
    const char *member;
    json_t *value = outcome(request, &member);
    json_object_set_new_nocheck(reply, member, value);
    return reply;
}

static void print(struct lines *l, const json_t *reply) {
    size_t room = 512, size;
    while ((size = json_dumpb(reply, lines_room(l, room + 1), room, JSON_COMPACT)) > room) room = size;
    l->out[l->out_count + size] = '\n';
    l->out_count += size + 1;
}

int main(void) {
    struct lines l = lines_open();
    size_t length;
    for (char *line; (line = lines_next(&l, &length));) {
        json_error_t error;
        json_t *request = json_loadb(line, length, 0, &error);
        json_t *reply = reply_to(request);
        print(&l, reply);
        json_decref(reply);
        json_decref(request);
    }
    lines_flush(&l);
}
