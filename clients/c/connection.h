/*
 * connection.h: a handle: what is sent and what arrives, and the error of a call. Internal.
 */
#ifndef P2MLAB_CONNECTION_H
#define P2MLAB_CONNECTION_H

#include "transport.h"

/* What is known of a request. */
enum p2mlab_slot_state { P2MLAB_AWAITED, P2MLAB_FORGOTTEN, P2MLAB_ARRIVED, P2MLAB_TAKEN };

struct p2mlab_slot {
    enum p2mlab_slot_state state;
    json_t *reply; /* ARRIVED */
};

struct p2mlab {
    struct p2mlab_transport transport;
    struct p2mlab_options options;
    /*
     * The requests from `first` up to `next`, at their id modulo `capacity`, a power of two.
     * Replies come in the order of requests, so that those up to `answered` have come.
     */
    struct p2mlab_slot *slots;
    size_t capacity;
    int64_t first, answered, next;
    json_t *played;    /* p2mlab_play: an array that takes the replies instead */
    bool calling_back; /* `notified` runs */
    struct p2mlab_error error;
    struct p2mlab_error broken; /* why the connection is over; failure NONE: it is not */
};

/* Errors. */

/* Begins a call of the library: forgets the last error. Returns 0, or -1 where none can be made. */
int p2mlab_enter(struct p2mlab *lab);

/* Notes an error. `message` is in the manner of printf. Returns -1. */
__attribute__((format(printf, 4, 5))) int
p2mlab_fail(struct p2mlab *lab, enum p2mlab_failure failure, int code, const char *message, ...);
int p2mlab_out_of_memory(struct p2mlab *lab);
void p2mlab_forget_error(struct p2mlab *lab);

/* Ends the connection for the error just noted, which answers every later call. Returns -1. */
int p2mlab_break_off(struct p2mlab *lab);

/* Returns 0, or -1 where the connection is over, and notes why. */
int p2mlab_check_connection(struct p2mlab *lab);

/* What arrives. */

/* A request between `first` and `next`. */
struct p2mlab_slot *p2mlab_slot(const struct p2mlab *lab, int64_t id);

/* Whether a request was sent and its reply not yet received. */
bool p2mlab_is_outstanding(const struct p2mlab *lab, int64_t id);

/* Forgets the oldest requests that are done with. */
void p2mlab_advance(struct p2mlab *lab);

/*
 * Waits until something has been read or written, and takes in the messages read. Returns 0, or -1
 * where the deadline had passed before (P2MLAB_TIMEOUT) or the connection is over. What was waited
 * for may have arrived even then.
 */
int p2mlab_wait(struct p2mlab *lab, int64_t deadline);

/* What is sent. */

/* The moment until which a call that begins now may take. */
int64_t p2mlab_call_deadline(const struct p2mlab *lab);

/* The moment until which a server may take that should end. */
int64_t p2mlab_end_deadline(const struct p2mlab *lab);

/* Waits until little is left to be sent. Returns 0 or -1. */
int p2mlab_make_room(struct p2mlab *lab, int64_t deadline);

/* Queues a request, or a notification where `id` is 0. Steals `params`. Returns 0 or -1. */
int p2mlab_queue_message(struct p2mlab *lab, int64_t id, const char *method, json_t *params);

/* Makes room, and queues bytes as one message. Returns 0 or -1. */
int p2mlab_queue_line(struct p2mlab *lab, const char *bytes, size_t size, int64_t deadline);

#endif
