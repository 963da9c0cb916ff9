/*
 * transport.h: lines to the server and from it. Knows no JSON. Internal.
 */
#ifndef P2MLAB_TRANSPORT_H
#define P2MLAB_TRANSPORT_H

#include "server.h"

/* Bytes in a heap block, of which the first `start` have been used up. */
struct p2mlab_buffer {
    char *bytes;
    size_t start, end, capacity;
};

struct p2mlab_transport {
    struct p2mlab_server server;
    struct p2mlab_buffer out, in;
    size_t searched; /* from in.start: so many bytes have no line feed */
    size_t max_line;
};

/* What came of waiting. */
enum p2mlab_step {
    P2MLAB_STEP_DONE,    /* something was read or written, or may be */
    P2MLAB_STEP_LATE,    /* the deadline has passed */
    P2MLAB_STEP_ENDED,   /* stdout has ended */
    P2MLAB_STEP_TOO_LONG /* a line is longer than max_line */
};

/* Takes bytes to be sent, and sends nothing yet. Returns 0, or -1 without memory. */
int p2mlab_transport_queue(struct p2mlab_transport *transport, const char *bytes, size_t size);

/* How many bytes are still to be sent, and takes the last of them back to `size`. */
size_t p2mlab_transport_queued(const struct p2mlab_transport *transport);
void p2mlab_transport_unqueue(struct p2mlab_transport *transport, size_t size);

/* Sends what can be sent without waiting. */
void p2mlab_transport_flush(struct p2mlab_transport *transport);

/*
 * Sends and reads what can be, and waits for that until `deadline`. After it, reads what is there
 * already all the same.
 */
enum p2mlab_step p2mlab_transport_step(struct p2mlab_transport *transport, int64_t deadline);

/* The next whole line that was read, without its end; NULL: none. Valid until the next step. */
const char *p2mlab_transport_line(struct p2mlab_transport *transport, size_t *length);

/* Closes the connection, waits for the server to end until `deadline`, then kills its group. */
void p2mlab_transport_stop(struct p2mlab_transport *transport, int64_t deadline);

#endif
