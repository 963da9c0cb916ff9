/*
 * transport.c: see transport.h.
 */
#include "transport.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE 65536

/* Makes room for `size` more bytes at the end. */
static int reserve(struct p2mlab_buffer *buffer, size_t size)
{
    size_t used = buffer->end - buffer->start;
    size_t capacity = buffer->capacity ? buffer->capacity : READ_SIZE;
    char *bytes;

    if (buffer->capacity - buffer->end >= size)
        return 0;
    if (buffer->start > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->start, used);
        buffer->start = 0;
        buffer->end = used;
    }
    if (size > SIZE_MAX / 4 - used)
        return -1;
    while (capacity - used < size)
        capacity *= 2;
    if (capacity == buffer->capacity)
        return 0;
    bytes = realloc(buffer->bytes, capacity);
    if (!bytes)
        return -1;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return 0;
}

static void use_up(struct p2mlab_buffer *buffer, size_t size)
{
    buffer->start += size;
    if (buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
}

int p2mlab_transport_queue(struct p2mlab_transport *transport, const char *bytes, size_t size)
{
    struct p2mlab_buffer *out = &transport->out;

    if (reserve(out, size))
        return -1;
    memcpy(out->bytes + out->end, bytes, size);
    out->end += size;
    return 0;
}

size_t p2mlab_transport_queued(const struct p2mlab_transport *transport)
{
    return transport->out.end - transport->out.start;
}

void p2mlab_transport_unqueue(struct p2mlab_transport *transport, size_t size)
{
    transport->out.end = transport->out.start + size;
}

void p2mlab_transport_flush(struct p2mlab_transport *transport)
{
    struct p2mlab_buffer *out = &transport->out;
    ssize_t sent;

    while (out->end > out->start && transport->server.input >= 0) {
        sent = send(transport->server.input, out->bytes + out->start, out->end - out->start,
                    MSG_NOSIGNAL);
        if (sent >= 0)
            use_up(out, (size_t)sent);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else if (errno != EINTR)
            p2mlab_close_end(
                &transport->server.input); /* Nobody reads; what ends the connection is stdout. */
    }
    if (transport->server.input < 0)
        out->start = out->end = 0;
}

static enum p2mlab_step read_output(struct p2mlab_transport *transport)
{
    struct p2mlab_buffer *in = &transport->in;
    ssize_t got;

    if (reserve(in, READ_SIZE))
        return P2MLAB_STEP_TOO_LONG;
    do
        got = read(transport->server.output, in->bytes + in->end, READ_SIZE);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        in->end += (size_t)got;
    else if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
        p2mlab_close_end(&transport->server.output);
    return transport->server.output < 0 ? P2MLAB_STEP_ENDED : P2MLAB_STEP_DONE;
}

enum p2mlab_step p2mlab_transport_step(struct p2mlab_transport *transport, int64_t deadline)
{
    struct pollfd ends[3];
    int ready;

    if (transport->server.output < 0)
        return P2MLAB_STEP_ENDED;
    if (transport->searched > transport->max_line)
        return P2MLAB_STEP_TOO_LONG;
    p2mlab_transport_flush(transport);
    ends[0] = (struct pollfd){.fd = transport->server.output, .events = POLLIN};
    ends[1] = (struct pollfd){.fd = transport->server.errors, .events = POLLIN};
    ends[2] = (struct pollfd){.fd = transport->server.input, .events = POLLOUT};
    if (!p2mlab_transport_queued(transport))
        ends[2].fd = -1;
    ready = poll(ends, 3, p2mlab_remaining(deadline));
    if (ready == 0)
        return P2MLAB_STEP_LATE;
    if (ready < 0)
        return errno == EINTR ? P2MLAB_STEP_DONE : P2MLAB_STEP_ENDED;
    if (ends[1].revents)
        p2mlab_server_read_errors(&transport->server);
    if (ends[2].revents)
        p2mlab_transport_flush(transport);
    return ends[0].revents ? read_output(transport) : P2MLAB_STEP_DONE;
}

const char *p2mlab_transport_line(struct p2mlab_transport *transport, size_t *length)
{
    struct p2mlab_buffer *in = &transport->in;
    size_t unread = in->end - in->start;
    char *line, *end;

    if (unread == transport->searched)
        return NULL;
    line = in->bytes + in->start;
    end = memchr(line + transport->searched, '\n', unread - transport->searched);
    if (!end || (size_t)(end - line) > transport->max_line) {
        transport->searched = unread;
        return NULL;
    }
    transport->searched = 0;
    *length = (size_t)(end - line);
    use_up(in, *length + 1);
    return line;
}

/* Takes a step, and drops what was read; whether there may be more. */
static bool drain(struct p2mlab_transport *transport, int64_t deadline)
{
    transport->in.start = transport->in.end = transport->searched = 0;
    return !p2mlab_is_past(deadline) &&
           p2mlab_transport_step(transport, deadline) == P2MLAB_STEP_DONE;
}

void p2mlab_transport_stop(struct p2mlab_transport *transport, int64_t deadline)
{
    while (p2mlab_transport_queued(transport) && drain(transport, deadline))
        continue;
    p2mlab_close_end(&transport->server.input);
    p2mlab_transport_unqueue(transport, 0);
    while (drain(transport, deadline))
        continue;
    p2mlab_server_stop(&transport->server, deadline);
    free(transport->in.bytes);
    free(transport->out.bytes);
    memset(&transport->in, 0, sizeof transport->in);
    memset(&transport->out, 0, sizeof transport->out);
}
