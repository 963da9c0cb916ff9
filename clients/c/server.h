/*
 * server.h: the server as a child process: its start, its stderr, its end. Internal.
 */
#ifndef P2MLAB_SERVER_H
#define P2MLAB_SERVER_H

#include "p2mlab.h"

struct p2mlab_server {
    pid_t pid;                 /* 0: it has been waited for */
    int status;                /* as in a shell; -1: not known */
    int signal;                /* which ended it, or 0 */
    bool killed;               /* by us */
    int input, output, errors; /* its stdin, stdout, stderr; -1: closed */
    /* The last of what it wrote to stderr. */
    char tail[sizeof((struct p2mlab_error *)NULL)->stderr_tail];
    size_t tail_length;
};

/* Starts `program serve arguments`. Returns 0, or -1 with `error` filled in. */
int p2mlab_server_start(struct p2mlab_server *server, const char *program,
                        const char *const *arguments, struct p2mlab_error *error);

/* Keeps the last of what the server has written to stderr; whether there was something. */
bool p2mlab_server_read_errors(struct p2mlab_server *server);

/* Closes the streams, waits for the server until `deadline`, then kills its process group. */
void p2mlab_server_stop(struct p2mlab_server *server, int64_t deadline);

/* Closes a descriptor that is not closed yet. */
void p2mlab_close_end(int *descriptor);

/* The moment `milliseconds` from now, on a clock that only goes forward; negative: never, -1. */
int64_t p2mlab_deadline(int milliseconds);

/* How long it is until then, as poll takes it. */
int p2mlab_remaining(int64_t deadline);

/* Whether that moment has passed. */
bool p2mlab_is_past(int64_t deadline);

/* Fills in an error. `message` is in the manner of printf. */
__attribute__((format(printf, 4, 5))) void p2mlab_fill_error(struct p2mlab_error *error,
                                                             enum p2mlab_failure failure, int code,
                                                             const char *message, ...);

#endif
