/*
 * session.c: sessions carried out and compared. See p2mlab.h.
 */
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The request behind a session, whose reply is its end. */
#define LAST_ID "p2mlab_play"
#define LAST_REQUEST "{\"jsonrpc\":\"2.0\",\"id\":\"" LAST_ID "\",\"method\":\"server.info\"}"

/* A session: its requests as text, the replies it expects one by one, and the lines of these. */
struct session {
    const char *path;
    int line;
    json_t *requests, *expected, *lines;
};

static int unusable(struct p2mlab *lab, const struct session *session, const char *why)
{
    return p2mlab_fail(lab, P2MLAB_MISUSE, 0, "%s:%d: %s", session->path, session->line, why);
}

/* Notes a reply that is expected. */
static int expect_reply(struct p2mlab *lab, struct session *session, json_t *reply)
{
    if (!json_object_get(reply, "id") ||
        (!json_object_get(reply, "result") && !json_object_get(reply, "error")))
        return unusable(lab, session, "neither a request nor a reply");
    if (json_array_append(session->expected, reply) ||
        json_array_append_new(session->lines, json_integer(session->line)))
        return p2mlab_out_of_memory(lab);
    return 0;
}

/* Whether a message, or one of a batch, has a method. */
static bool is_request(json_t *message)
{
    json_t *one;
    size_t k;

    if (!json_is_array(message))
        return json_object_get(message, "method") != NULL;
    json_array_foreach(message, k, one) if (json_object_get(one, "method")) return true;
    return false;
}

static int read_line(struct p2mlab *lab, struct session *session, const char *line, size_t length)
{
    json_error_t why;
    json_t *message, *one;
    size_t k;
    int failed = 0;

    message = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
    if (!message)
        return unusable(lab, session, why.text);
    if (is_request(message)) {
        if (json_array_append_new(session->requests, json_stringn(line, length)))
            failed = p2mlab_out_of_memory(lab);
    } else if (json_is_array(message)) {
        json_array_foreach(message, k, one) failed = failed || expect_reply(lab, session, one);
    } else {
        failed = expect_reply(lab, session, message);
    }
    json_decref(message);
    return failed ? -1 : 0;
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        length--;
    return length == 0;
}

static int read_lines(struct p2mlab *lab, struct session *session, const char *text, size_t size)
{
    const char *end, *line, *stop = text + size;
    size_t length;

    for (line = text; line < stop; line = end + 1) {
        end = memchr(line, '\n', (size_t)(stop - line));
        end = end ? end : stop;
        length = (size_t)(end - line);
        session->line++;
        if (length > 0 && line[length - 1] == '\r')
            length--;
        if (is_blank(line, length))
            continue;
        if (read_line(lab, session, line, length))
            return -1;
    }
    return 0;
}

/* The whole of a file, to be freed; NULL and the error where it cannot be had. */
static char *read_all(struct p2mlab *lab, const char *path, size_t *size)
{
    FILE *file = fopen(path, "re");
    size_t capacity = 0, got = 1;
    char *text = NULL, *larger;

    *size = 0;
    while (file && got > 0 && *size <= P2MLAB_MAX_SESSION) {
        if (*size == capacity) {
            capacity = capacity ? capacity * 2 : 65536;
            larger = realloc(text, capacity);
            if (!larger)
                break;
            text = larger;
        }
        got = fread(text + *size, 1, capacity - *size, file);
        *size += got;
    }
    if (!file || ferror(file))
        p2mlab_fail(lab, P2MLAB_MISUSE, 0, "%s: %s", path, strerror(errno));
    else if (*size > P2MLAB_MAX_SESSION)
        p2mlab_fail(lab, P2MLAB_MISUSE, 0, "%s: longer than %zu bytes", path, P2MLAB_MAX_SESSION);
    else if (got > 0)
        p2mlab_out_of_memory(lab);
    if (file)
        fclose(file);
    if (lab->error.failure == P2MLAB_NONE)
        return text;
    free(text);
    return NULL;
}

static int read_session(struct p2mlab *lab, struct session *session)
{
    size_t size;
    char *text = read_all(lab, session->path, &size);
    int failed = text ? read_lines(lab, session, text, size) : -1;

    free(text);
    return failed;
}

/* Sends all requests of a session, and behind them the last one. */
static int send_all(struct p2mlab *lab, const struct session *session)
{
    json_t *request;
    size_t k;

    json_array_foreach(session->requests, k,
                       request) if (p2mlab_queue_line(lab, json_string_value(request),
                                                      json_string_length(request),
                                                      p2mlab_call_deadline(lab))) return -1;
    return p2mlab_queue_line(lab, LAST_REQUEST, strlen(LAST_REQUEST), p2mlab_call_deadline(lab));
}

/* Whether the last request of a session has been answered. */
static bool is_over(const struct p2mlab *lab)
{
    json_t *last = json_array_get(lab->played, json_array_size(lab->played) - 1);
    const char *id = json_string_value(json_object_get(last, "id"));

    return id && strcmp(id, LAST_ID) == 0;
}

/* Waits for all replies, as long as some come in time. */
static int collect(struct p2mlab *lab)
{
    while (!is_over(lab))
        if (p2mlab_wait(lab, p2mlab_call_deadline(lab)) && !is_over(lab))
            return -1;
    return 0;
}

/* The replies that came, those of batches one by one; a new reference. */
static json_t *flatten(json_t *replies)
{
    json_t *flat = json_array(), *reply;
    size_t k;

    json_array_foreach(replies, k, reply) if (json_is_array(reply) ? json_array_extend(flat, reply)
                                                                   : json_array_append(flat, reply))
    {
        json_decref(flat);
        return NULL;
    }
    return flat;
}

/* Takes the first reply with this id away from `replies`, from `*from` on; a new reference. */
static json_t *pick(json_t *replies, json_t *id, size_t *from)
{
    size_t k, at, count = json_array_size(replies);
    json_t *reply;

    for (k = 0; k < count; k++) {
        at = (*from + k) % count;
        reply = json_array_get(replies, at);
        if (!json_equal(json_object_get(reply, "id"), id))
            continue;
        *from = at + 1;
        json_incref(reply);
        json_array_set_new(replies, at, json_null());
        return reply;
    }
    return NULL;
}

static int compare(struct p2mlab *lab, struct session *session, json_t *replies)
{
    char difference[sizeof lab->error.message] = "no request has this id, or none that is answered";
    json_t *expected, *reply;
    size_t k, from = 0;
    bool right = true;

    json_array_foreach(session->expected, k, expected)
    {
        if (!right)
            continue;
        session->line = (int)json_integer_value(json_array_get(session->lines, k));
        reply = pick(replies, json_object_get(expected, "id"), &from);
        right = reply && p2mlab_matches(expected, reply, difference, sizeof difference);
        json_decref(reply);
    }
    return right ? 0
                 : p2mlab_fail(lab, P2MLAB_DIFFERENT, 0, "%s:%d: %s", session->path, session->line,
                               difference);
}

/* Carries out a session that has been read. */
static int play(struct p2mlab *lab, struct session *session)
{
    json_t *replies = NULL;
    int failed;

    lab->played = json_array();
    failed = send_all(lab, session) || collect(lab);
    /* Replies would come that nobody awaits. */
    if (failed && lab->broken.failure == P2MLAB_NONE)
        p2mlab_break_off(lab);
    if (!failed) {
        replies = flatten(lab->played);
        failed = replies ? compare(lab, session, replies) : p2mlab_out_of_memory(lab);
    }
    json_decref(replies);
    json_decref(lab->played);
    lab->played = NULL;
    return failed ? -1 : 0;
}

int p2mlab_play(struct p2mlab *lab, const char *path)
{
    struct session session = {.path = path};
    int failed;

    if (p2mlab_enter(lab) || p2mlab_check_connection(lab))
        return -1;
    if (lab->first != lab->next)
        return p2mlab_fail(lab, P2MLAB_MISUSE, 0,
                           "requests are outstanding: receive their replies first");
    session.requests = json_array();
    session.expected = json_array();
    session.lines = json_array();
    failed = read_session(lab, &session) || play(lab, &session);
    json_decref(session.requests);
    json_decref(session.expected);
    json_decref(session.lines);
    return failed ? -1 : 0;
}
