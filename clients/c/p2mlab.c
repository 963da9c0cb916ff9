/*
 * p2mlab.c: requests, their replies, and what becomes of them. See p2mlab.h.
 */
#include "connection.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_TIMEOUT 30000
#define DEFAULT_MAX_MESSAGE ((size_t)64 << 20)

/* What is sent. */

/* Whether a message with this method can be sent; steals `params` where it cannot. */
static int check_message(struct p2mlab *lab, const char *method, json_t *params, int64_t deadline)
{
    json_t *name = method ? json_string(method) : NULL;

    json_decref(name);
    if (!name)
        p2mlab_fail(lab, P2MLAB_MISUSE, 0, "the method's name is NULL or no UTF-8");
    else if (!p2mlab_check_connection(lab) && !p2mlab_make_room(lab, deadline))
        return 0;
    json_decref(params);
    return -1;
}

/* Makes room for one more outstanding request. */
static int reserve_slot(struct p2mlab *lab)
{
    size_t capacity = lab->capacity ? lab->capacity * 2 : 16;
    struct p2mlab_slot *slots;
    int64_t id;

    if (lab->next - lab->first < (int64_t)lab->capacity)
        return 0;
    if (lab->capacity == P2MLAB_MAX_OUTSTANDING)
        return p2mlab_fail(lab, P2MLAB_MISUSE, 0,
                           "%d requests are outstanding: receive replies, the oldest first",
                           P2MLAB_MAX_OUTSTANDING);
    slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return p2mlab_out_of_memory(lab);
    for (id = lab->first; id < lab->next; id++)
        slots[(size_t)id & (capacity - 1)] = *p2mlab_slot(lab, id);
    free(lab->slots);
    lab->slots = slots;
    lab->capacity = capacity;
    return 0;
}

static int64_t send_request(struct p2mlab *lab, const char *method, json_t *params,
                            int64_t deadline)
{
    if (check_message(lab, method, params, deadline))
        return -1;
    if (reserve_slot(lab)) {
        json_decref(params);
        return -1;
    }
    if (p2mlab_queue_message(lab, lab->next, method, params))
        return -1;
    *p2mlab_slot(lab, lab->next) = (struct p2mlab_slot){.state = P2MLAB_AWAITED};
    return lab->next++;
}

/* The params that json_pack makes of a format; NULL for none. Returns 0 or -1. */
static int pack(struct p2mlab *lab, json_t **params, const char *format, va_list arguments)
{
    json_error_t why;

    *params = format ? json_vpack_ex(&why, 0, format, arguments) : NULL;
    if (format && !*params)
        return p2mlab_fail(lab, P2MLAB_MISUSE, 0, "json_pack of \"%.100s\": %s", format, why.text);
    return 0;
}

/* What is received. */

/* The result of a reply, a new reference; NULL and the error where it has none. Steals `reply`. */
static json_t *result_of(struct p2mlab *lab, json_t *reply)
{
    json_t *result = json_incref(json_object_get(reply, "result"));
    json_t *error = json_object_get(reply, "error"), *data = json_object_get(error, "data");
    const char *message = json_string_value(json_object_get(error, "message"));

    if (!result) {
        p2mlab_fail(lab, P2MLAB_REFUSED, (int)json_integer_value(json_object_get(error, "code")),
                    "%s", message ? message : "an error without a message");
        lab->error.data = json_incref(data);
        lab->error.effects = json_object_get(data, "effects");
        lab->error.errno_name = json_string_value(json_object_get(data, "errno"));
    }
    json_decref(reply);
    return result;
}

static json_t *receive(struct p2mlab *lab, int64_t id, int64_t deadline)
{
    struct p2mlab_slot *wanted;
    json_t *reply;

    if (!p2mlab_is_outstanding(lab, id)) {
        p2mlab_fail(lab, P2MLAB_MISUSE, 0, "request %" PRId64 " was not sent, or has been received",
                    id);
        return NULL;
    }
    wanted = p2mlab_slot(lab, id);
    while (wanted->state == P2MLAB_AWAITED)
        if ((p2mlab_check_connection(lab) || p2mlab_wait(lab, deadline)) &&
            wanted->state == P2MLAB_AWAITED)
            return NULL;
    p2mlab_forget_error(lab);
    reply = wanted->reply;
    *wanted = (struct p2mlab_slot){.state = P2MLAB_TAKEN};
    p2mlab_advance(lab);
    return result_of(lab, reply);
}

static int queue_cancellation(struct p2mlab *lab, int64_t id)
{
    json_t *params = json_pack("{s:I}", "id", (json_int_t)id);

    return params ? p2mlab_queue_message(lab, 0, "$/cancelRequest", params)
                  : p2mlab_out_of_memory(lab);
}

/* Gives up a call that was not answered in time, without losing the error. */
static void give_up(struct p2mlab *lab, const char *method, int64_t id)
{
    p2mlab_slot(lab, id)->state = P2MLAB_FORGOTTEN;
    if (!queue_cancellation(lab, id))
        p2mlab_fail(lab, P2MLAB_TIMEOUT, 0, "%s was not answered within %d ms, and was cancelled",
                    method, lab->options.timeout);
}

/* What the header declares. */

/* The program to start. */
static const char *find_server(const struct p2mlab_options *options)
{
    const char *named = options->server ? options->server : getenv("P2MLAB_SERVER");

    return named && *named ? named : "p2mlab";
}

struct p2mlab *p2mlab_start(const struct p2mlab_options *options, struct p2mlab_error *error)
{
    static const struct p2mlab_options defaults;
    struct p2mlab_error unwanted;
    struct p2mlab *lab = calloc(1, sizeof *lab);

    error = error ? error : &unwanted;
    if (!lab) {
        p2mlab_fill_error(error, P2MLAB_SYSTEM, ENOMEM, "out of memory");
        return NULL;
    }
    lab->options = options ? *options : defaults;
    if (!lab->options.timeout)
        lab->options.timeout = DEFAULT_TIMEOUT;
    if (!lab->options.max_message)
        lab->options.max_message = DEFAULT_MAX_MESSAGE;
    lab->transport.max_line = lab->options.max_message;
    lab->first = lab->answered = lab->next = 1;
    if (p2mlab_server_start(&lab->transport.server, find_server(&lab->options),
                            lab->options.arguments, error)) {
        free(lab);
        return NULL;
    }
    memset(error, 0, sizeof *error);
    return lab;
}

int p2mlab_close(struct p2mlab *lab)
{
    int status;
    int64_t id;

    if (!lab)
        return 0;
    if (p2mlab_enter(lab))
        return -1;
    p2mlab_transport_stop(&lab->transport, p2mlab_end_deadline(lab));
    status = lab->transport.server.status;
    for (id = lab->first; id < lab->next; id++)
        json_decref(p2mlab_slot(lab, id)->reply);
    free(lab->slots);
    free(lab);
    return status;
}

const struct p2mlab_error *p2mlab_last_error(const struct p2mlab *lab)
{
    return &lab->error;
}

pid_t p2mlab_pid(const struct p2mlab *lab)
{
    return lab->transport.server.pid;
}

void p2mlab_set_timeout(struct p2mlab *lab, int milliseconds)
{
    lab->options.timeout = milliseconds ? milliseconds : DEFAULT_TIMEOUT;
}

json_t *p2mlab_call(struct p2mlab *lab, const char *method, json_t *params)
{
    int64_t id, deadline = p2mlab_call_deadline(lab);
    json_t *result;

    if (p2mlab_enter(lab)) {
        json_decref(params);
        return NULL;
    }
    id = send_request(lab, method, params, deadline);
    result = id < 0 ? NULL : receive(lab, id, deadline);
    if (id >= 0 && lab->error.failure == P2MLAB_TIMEOUT)
        give_up(lab, method, id);
    return result;
}

json_t *p2mlab_callf(struct p2mlab *lab, const char *method, const char *format, ...)
{
    json_t *params;
    va_list arguments;
    int failed;

    va_start(arguments, format);
    failed = p2mlab_enter(lab) || pack(lab, &params, format, arguments);
    va_end(arguments);
    return failed ? NULL : p2mlab_call(lab, method, params);
}

int64_t p2mlab_send(struct p2mlab *lab, const char *method, json_t *params)
{
    if (!p2mlab_enter(lab))
        return send_request(lab, method, params, p2mlab_call_deadline(lab));
    json_decref(params);
    return -1;
}

int64_t p2mlab_sendf(struct p2mlab *lab, const char *method, const char *format, ...)
{
    json_t *params;
    va_list arguments;
    int failed;

    va_start(arguments, format);
    failed = p2mlab_enter(lab) || pack(lab, &params, format, arguments);
    va_end(arguments);
    return failed ? -1 : p2mlab_send(lab, method, params);
}

json_t *p2mlab_receive(struct p2mlab *lab, int64_t id)
{
    return p2mlab_enter(lab) ? NULL : receive(lab, id, p2mlab_call_deadline(lab));
}

int p2mlab_cancel(struct p2mlab *lab, int64_t id)
{
    if (!lab->calling_back && p2mlab_enter(lab))
        return -1;
    if (!p2mlab_is_outstanding(lab, id))
        return p2mlab_fail(lab, P2MLAB_MISUSE, 0,
                           "request %" PRId64 " was not sent, or has been received", id);
    if (p2mlab_check_connection(lab) || p2mlab_make_room(lab, p2mlab_call_deadline(lab)))
        return -1;
    return id < lab->answered ? 0 : queue_cancellation(lab, id);
}

int p2mlab_notify(struct p2mlab *lab, const char *method, json_t *params)
{
    if (!lab->calling_back && p2mlab_enter(lab)) {
        json_decref(params);
        return -1;
    }
    if (check_message(lab, method, params, p2mlab_call_deadline(lab)))
        return -1;
    return p2mlab_queue_message(lab, 0, method, params);
}

json_t *p2mlab_hex(uint64_t number)
{
    return json_sprintf("0x%" PRIx64, number);
}

bool p2mlab_unhex(const json_t *string, uint64_t *number)
{
    const char *text = json_string_value(string);
    size_t digits = text && strncmp(text, "0x", 2) == 0 ? strlen(text + 2) : 0;

    if (digits == 0 || digits > 16 || strspn(text + 2, "0123456789abcdefABCDEF") != digits)
        return false;
    *number = strtoull(text + 2, NULL, 16);
    return true;
}
