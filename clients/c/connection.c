/*
 * connection.c: see connection.h.
 */
#include "connection.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Before more is queued, no more than this is left to be sent. */
#define QUEUE_SIZE ((size_t)1 << 20)
/* How much of a message that is none an error quotes. */
#define QUOTED 80
/* How long a server may take to end, in milliseconds. */
#define END_TIMEOUT 5000

/* Errors. */

int p2mlab_fail(struct p2mlab *lab, enum p2mlab_failure failure, int code, const char *message, ...)
{
    char text[sizeof lab->error.message];
    va_list arguments;

    va_start(arguments, message);
    vsnprintf(text, sizeof text, message, arguments);
    va_end(arguments);
    json_decref(lab->error.data);
    p2mlab_fill_error(&lab->error, failure, code, "%s", text);
    return -1;
}

int p2mlab_out_of_memory(struct p2mlab *lab)
{
    return p2mlab_fail(lab, P2MLAB_SYSTEM, ENOMEM, "out of memory");
}

void p2mlab_forget_error(struct p2mlab *lab)
{
    json_decref(lab->error.data);
    memset(&lab->error, 0, sizeof lab->error);
}

int p2mlab_break_off(struct p2mlab *lab)
{
    struct p2mlab_transport *transport = &lab->transport;

    p2mlab_transport_stop(transport, p2mlab_deadline(0));
    lab->error.status = transport->server.status;
    memcpy(lab->error.stderr_tail, transport->server.tail, sizeof transport->server.tail);
    lab->broken = lab->error;
    return -1;
}

static int break_off_ended(struct p2mlab *lab)
{
    const struct p2mlab_server *server = &lab->transport.server;

    p2mlab_transport_stop(&lab->transport, p2mlab_end_deadline(lab));
    if (server->killed)
        p2mlab_fail(lab, P2MLAB_ENDED, 0,
                    "the server closed its stdout, did not end, and was killed");
    else if (server->status < 0)
        p2mlab_fail(lab, P2MLAB_ENDED, 0,
                    "the server ended; another part of the program has its status");
    else if (server->signal)
        p2mlab_fail(lab, P2MLAB_ENDED, 0, "the server was ended by signal %d", server->signal);
    else
        p2mlab_fail(lab, P2MLAB_ENDED, 0, "the server ended with status %d", server->status);
    return p2mlab_break_off(lab);
}

/* Ends the connection because stdout has something else than what the protocol says. */
static int break_off_garbage(struct p2mlab *lab, const char *what, const char *line, size_t length)
{
    char quoted[QUOTED + 1];
    size_t k, size = length < QUOTED ? length : QUOTED;

    for (k = 0; k < size; k++)
        quoted[k] = line[k] >= ' ' && line[k] <= '~' ? line[k] : '?';
    quoted[size] = '\0';
    p2mlab_fail(lab, P2MLAB_GARBAGE, 0, "the server's stdout has %s: %s%s", what, quoted,
                size < length ? "..." : "");
    return p2mlab_break_off(lab);
}

int p2mlab_enter(struct p2mlab *lab)
{
    if (lab->calling_back)
        return p2mlab_fail(lab, P2MLAB_MISUSE, 0, "called while a notification is being told");
    p2mlab_forget_error(lab);
    return 0;
}

int p2mlab_check_connection(struct p2mlab *lab)
{
    if (lab->broken.failure == P2MLAB_NONE)
        return 0;
    json_decref(lab->error.data);
    lab->error = lab->broken;
    return -1;
}

/* What arrives. */

struct p2mlab_slot *p2mlab_slot(const struct p2mlab *lab, int64_t id)
{
    return &lab->slots[(size_t)id & (lab->capacity - 1)];
}

bool p2mlab_is_outstanding(const struct p2mlab *lab, int64_t id)
{
    return id >= lab->first && id < lab->next && p2mlab_slot(lab, id)->state != P2MLAB_TAKEN &&
           p2mlab_slot(lab, id)->state != P2MLAB_FORGOTTEN;
}

void p2mlab_advance(struct p2mlab *lab)
{
    while (lab->first < lab->answered && p2mlab_slot(lab, lab->first)->state == P2MLAB_TAKEN)
        lab->first++;
}

/* Whether a message is the reply to the oldest request that has none yet. */
static bool is_awaited(const struct p2mlab *lab, json_t *message)
{
    json_t *id = json_object_get(message, "id");
    bool has_result = json_object_get(message, "result") != NULL;
    bool has_error = json_object_get(message, "error") != NULL;

    if (lab->answered == lab->next || has_result == has_error)
        return false;
    /* Without an id it is about a request that the server could not read, such as one too long. */
    return json_is_null(id) ? has_error
                            : json_is_integer(id) && json_integer_value(id) == lab->answered;
}

/* Takes in a message from the server, whose reference it steals; whether it belongs here. */
static bool take(struct p2mlab *lab, json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    struct p2mlab_slot *awaited;
    bool belongs = true;

    if (method && !json_object_get(message, "id")) {
        lab->calling_back = true;
        if (lab->options.notified)
            lab->options.notified(lab->options.context, method, json_object_get(message, "params"));
        lab->calling_back = false;
    } else if (lab->played) {
        return json_array_append_new(lab->played, message) == 0;
    } else if (!method && is_awaited(lab, message)) {
        awaited = p2mlab_slot(lab, lab->answered++);
        if (awaited->state == P2MLAB_AWAITED) {
            awaited->state = P2MLAB_ARRIVED;
            awaited->reply = message;
            return true;
        }
        awaited->state = P2MLAB_TAKEN;
        p2mlab_advance(lab);
    } else {
        belongs = false;
    }
    json_decref(message);
    return belongs;
}

int p2mlab_wait(struct p2mlab *lab, int64_t deadline)
{
    bool late = p2mlab_is_past(deadline);
    enum p2mlab_step step = p2mlab_transport_step(&lab->transport, deadline);
    const char *line;
    size_t length;
    json_error_t no_json;
    json_t *message;

    while ((line = p2mlab_transport_line(&lab->transport, &length))) {
        message = json_loadb(line, length, JSON_REJECT_DUPLICATES, &no_json);
        if (!message && json_error_code(&no_json) == json_error_out_of_memory) {
            p2mlab_out_of_memory(lab);
            return p2mlab_break_off(lab);
        }
        if (!message)
            return break_off_garbage(lab, "what is no JSON", line, length);
        if (!take(lab, message))
            return break_off_garbage(lab, "a message that nobody awaits", line, length);
    }
    if (step == P2MLAB_STEP_DONE && late)
        step = P2MLAB_STEP_LATE; /* A server that never falls silent is late too. */
    switch (step) {
    case P2MLAB_STEP_DONE:
        return 0;
    case P2MLAB_STEP_LATE:
        return p2mlab_fail(lab, P2MLAB_TIMEOUT, 0, "no reply within %d ms", lab->options.timeout);
    case P2MLAB_STEP_ENDED:
        return break_off_ended(lab);
    case P2MLAB_STEP_TOO_LONG:
        p2mlab_fail(lab, P2MLAB_GARBAGE, 0, "the server's message is longer than %zu bytes",
                    lab->options.max_message);
        return p2mlab_break_off(lab);
    }
    return -1;
}

/* What is sent. */

int64_t p2mlab_call_deadline(const struct p2mlab *lab)
{
    return p2mlab_deadline(lab->options.timeout);
}

int64_t p2mlab_end_deadline(const struct p2mlab *lab)
{
    int timeout = lab->options.timeout;

    return p2mlab_deadline(timeout < 0 || timeout > END_TIMEOUT ? END_TIMEOUT : timeout);
}

/* From within a callback nothing can be waited for. */
int p2mlab_make_room(struct p2mlab *lab, int64_t deadline)
{
    while (p2mlab_transport_queued(&lab->transport) > QUEUE_SIZE) {
        if (lab->calling_back)
            return p2mlab_fail(lab, P2MLAB_MISUSE, 0, "the server does not read what was sent");
        if (p2mlab_wait(lab, deadline))
            return lab->error.failure == P2MLAB_TIMEOUT
                       ? p2mlab_fail(lab, P2MLAB_TIMEOUT, 0,
                                     "the server has not read what was sent within %d ms",
                                     lab->options.timeout)
                       : -1;
    }
    return 0;
}

int p2mlab_queue_line(struct p2mlab *lab, const char *bytes, size_t size, int64_t deadline)
{
    size_t queued;

    if (p2mlab_check_connection(lab) || p2mlab_make_room(lab, deadline))
        return -1;
    queued = p2mlab_transport_queued(&lab->transport);
    if (p2mlab_transport_queue(&lab->transport, bytes, size) ||
        p2mlab_transport_queue(&lab->transport, "\n", 1)) {
        p2mlab_transport_unqueue(&lab->transport, queued);
        return p2mlab_out_of_memory(lab);
    }
    p2mlab_transport_flush(&lab->transport);
    return 0;
}

static int append(const char *bytes, size_t size, void *transport)
{
    return p2mlab_transport_queue(transport, bytes, size);
}

int p2mlab_queue_message(struct p2mlab *lab, int64_t id, const char *method, json_t *params)
{
    json_t *message = json_object();
    struct p2mlab_transport *transport = &lab->transport;
    size_t queued = p2mlab_transport_queued(transport);
    int failed;

    failed = json_object_set_new(message, "jsonrpc", json_string("2.0"));
    if (id)
        failed |= json_object_set_new(message, "id", json_integer(id));
    failed |= json_object_set_new(message, "method", json_string(method));
    if (params)
        failed |= json_object_set_new(message, "params", params);
    failed = failed || json_dump_callback(message, append, transport, JSON_COMPACT) ||
             p2mlab_transport_queue(transport, "\n", 1);
    json_decref(message);
    if (!failed) {
        p2mlab_transport_flush(transport);
        return 0;
    }
    p2mlab_transport_unqueue(transport, queued);
    return p2mlab_out_of_memory(lab);
}
