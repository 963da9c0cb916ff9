/*
 * p2mlab.h: drive p2mlab, the executable model of Xen's P2M, from C.
 *
 *     struct p2mlab *lab = p2mlab_start(NULL, NULL);
 *     json_t *result = p2mlab_callf(lab, "grantFrame.map", "{s:i, s:i, s:s}",
 *                                   "domain", 1, "frame", 0, "gfn", "0x38000");
 *     if (!result)
 *         fprintf(stderr, "%s\n", p2mlab_last_error(lab)->message);
 *     json_decref(result);
 *     p2mlab_close(lab);
 *
 * A handle is one server, a child process with a connection over its stdin and stdout. Methods,
 * their parameters and results: protocol/reference.md; values are jansson's.
 *
 * Ownership. What a function returns as "a new reference" is the caller's to json_decref. `params`
 * are stolen, as by json_object_set_new: even where the function fails. Everything else is
 * borrowed.
 *
 * Errors. Functions that answer NULL or -1 say why in p2mlab_last_error.
 *
 * Threads. A handle is for one thread at a time; handles are independent of each other. Nothing
 * here changes a signal's disposition or mask, or is at risk of SIGPIPE. All descriptors are
 * close-on-exec. Interrupted system calls are taken up again.
 *
 * Ctrl-C. The server is in a process group of its own, so that the terminal's SIGINT does not reach
 * it. It ends when its stdin is closed: with p2mlab_close, or with the process that started it.
 */
#ifndef P2MLAB_H
#define P2MLAB_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define P2MLAB_API __attribute__((visibility("default")))
#else
#define P2MLAB_API
#endif

/* How many requests may await their replies, or their p2mlab_receive, at once. */
#define P2MLAB_MAX_OUTSTANDING 65536

/* The largest session that p2mlab_play takes, in bytes. */
#define P2MLAB_MAX_SESSION ((size_t)64 << 20)

/* What kind of failure an error is. */
enum p2mlab_failure {
    P2MLAB_NONE = 0,
    P2MLAB_REFUSED,   /* the server's reply is an error; the connection goes on */
    P2MLAB_TIMEOUT,   /* no reply in time; the connection goes on */
    P2MLAB_DIFFERENT, /* p2mlab_play, p2mlab_expect: it is not as expected */
    P2MLAB_MISUSE,    /* an argument is wrong; nothing was sent */
    P2MLAB_ENDED,     /* the server ended or closed its stdout: every later call fails alike */
    P2MLAB_GARBAGE,   /* stdout had no JSON-RPC: the server was killed, later calls fail alike */
    P2MLAB_SYSTEM     /* a system call failed, or memory ran out: `code` is the errno */
};

/* Why a function failed. */
struct p2mlab_error {
    enum p2mlab_failure failure;
    /*
     * REFUSED: the error's code, as the protocol has it: Xen's errno, negative (-16 is EBUSY),
     * JSON-RPC's -32700 to -32600, -32800 for cancelled, or 1000 to 1005. SYSTEM: errno.
     */
    int code;
    /* One sentence, for people. */
    char message[512];
    /* REFUSED: the name of Xen's errno, "EBUSY", or NULL. Valid as long as `data`. */
    const char *errno_name;
    /* REFUSED: the error's data or NULL. Borrowed; valid until the next call on the handle. */
    json_t *data;
    /* REFUSED: what the operation changed all the same, or NULL. Valid as long as `data`. */
    json_t *effects;
    /* ENDED, GARBAGE: exit status as in a shell, 128 + N for signal N; -1: not known. */
    int status;
    /* ENDED, GARBAGE: the last of what the server wrote to stderr. */
    char stderr_tail[2048];
};

/* How a server is started. All zero is a good choice. */
struct p2mlab_options {
    /* The program. NULL: the environment's P2MLAB_SERVER, and without that "p2mlab" on PATH. */
    const char *server;
    /* Its arguments behind "serve", such as {"--preset", "xen-4.17", NULL}; NULL: none. */
    const char *const *arguments;
    /* How long a call may take, in milliseconds. 0: 30,000. Negative: without limit. */
    int timeout;
    /* The longest message taken from the server, in bytes. 0: 64 MiB. */
    size_t max_message;
    /*
     * Called with each notification of the server, such as "$/progress", while p2mlab_call,
     * p2mlab_receive, p2mlab_send or p2mlab_play runs. `params` is borrowed, or NULL. Of the same
     * handle it may call p2mlab_cancel and p2mlab_notify only.
     */
    void (*notified)(void *context, const char *method, json_t *params);
    void *context;
};

/* One server and the connection to it. */
struct p2mlab;

/*
 * Starts a server. `options` may be NULL. Returns NULL where it cannot be started, and says why in
 * `error` unless that is NULL; nothing in it needs freeing. Whether the program is a p2mlab shows
 * with the first call.
 */
P2MLAB_API struct p2mlab *p2mlab_start(const struct p2mlab_options *options,
                                       struct p2mlab_error *error);

/*
 * Ends the server and frees the handle; NULL is ignored. Closes the server's stdin, and waits for
 * it to end as long as a call may take, at most 5 seconds; then the process group is killed.
 * Replies that nobody received are dropped. Returns the exit status as in a shell, 0 for a server
 * that ended well; -1 where it is not known, or where a callback called this, which does nothing.
 */
P2MLAB_API int p2mlab_close(struct p2mlab *lab);

/* Why the last call on this handle failed, or P2MLAB_NONE as its `failure`. Never NULL. */
P2MLAB_API const struct p2mlab_error *p2mlab_last_error(const struct p2mlab *lab);

/* The server's process, also the name of its process group; 0 once it is known to have ended. */
P2MLAB_API pid_t p2mlab_pid(const struct p2mlab *lab);

/* How long each call may take from now on, in milliseconds, as in struct p2mlab_options. */
P2MLAB_API void p2mlab_set_timeout(struct p2mlab *lab, int milliseconds);

/*
 * Calls a method and waits for its result, a new reference. Steals `params`, an object, an array,
 * or NULL for none. A call that is not answered in time is cancelled, and its reply dropped when it
 * comes; whether it was carried out is not known then.
 */
P2MLAB_API json_t *p2mlab_call(struct p2mlab *lab, const char *method, json_t *params);

/* The same with params as json_pack makes them of `format`; NULL for none. */
P2MLAB_API json_t *p2mlab_callf(struct p2mlab *lab, const char *method, const char *format, ...);

/*
 * Sends a request without waiting for the reply: as many as P2MLAB_MAX_OUTSTANDING. Returns its id,
 * above 0, or -1. Steals `params`. While the server does not read, waits as long as a call may
 * take, and keeps what it answers meanwhile, so that neither side waits for the other.
 */
P2MLAB_API int64_t p2mlab_send(struct p2mlab *lab, const char *method, json_t *params);

/* The same with params as json_pack makes them of `format`; NULL for none. */
P2MLAB_API int64_t p2mlab_sendf(struct p2mlab *lab, const char *method, const char *format, ...);

/*
 * Waits for the reply to the request `id`, once for each, in any order; answers as p2mlab_call.
 * After P2MLAB_TIMEOUT it can be received again.
 */
P2MLAB_API json_t *p2mlab_receive(struct p2mlab *lab, int64_t id);

/*
 * Asks the server to give up the request `id`. Its reply is to be received all the same: error
 * -32800, or the result where that was earlier. Returns 0 or -1.
 */
P2MLAB_API int p2mlab_cancel(struct p2mlab *lab, int64_t id);

/* Sends a notification, such as "session.note". Steals `params`. Returns 0 or -1. */
P2MLAB_API int p2mlab_notify(struct p2mlab *lab, const char *method, json_t *params);

/*
 * Carries out the session in the file `path`, and compares each reply that it expects, by id;
 * members that an expected reply does not name are not compared. Returns 0 where all are as
 * expected. Otherwise -1: P2MLAB_DIFFERENT with the first that is not, as "FILE:LINE:
 * /json/pointer: expected ..., got ...", or P2MLAB_MISUSE where the file is no session. No other
 * request may be outstanding. The machines are left as the session leaves them. A file that is no
 * session is not begun; a session that is not answered in time ends the server.
 */
P2MLAB_API int p2mlab_play(struct p2mlab *lab, const char *path);

/*
 * The first element of the array `list` of `answer` that has the members that json_pack makes of
 * `format`; others are not compared. Borrowed. Without one: NULL, P2MLAB_DIFFERENT, and what the
 * list has in the message. `answer` is a result; or NULL, as of a call that failed, whose error stays
 * the last; or the `data` of the last error, which stays it where the element is found.
 *
 *     p2mlab_expect(lab, result, "effects", "{s:s}", "cause", "stale-tracking");
 *     p2mlab_expect(lab, result, "violations", "{s:s}", "property", "no-collateral-removal");
 */
P2MLAB_API json_t *p2mlab_expect(struct p2mlab *lab, json_t *answer, const char *list,
                                 const char *format, ...);

/*
 * Whether `actual` is as `expected`: the same scalar; an object with the expected members, perhaps
 * more; an array with as many elements, each as expected. Writes the first difference to
 * `difference` unless that is NULL, cut to `size` bytes: "/json/pointer: expected ..., got ...".
 */
P2MLAB_API bool p2mlab_matches(json_t *expected, json_t *actual, char *difference, size_t size);

/* A GFN, MFN or address as the protocol has it: "0x38000". A new reference; NULL without memory. */
P2MLAB_API json_t *p2mlab_hex(uint64_t number);

/* The number that such a string says; false where it is none, as null is for "no GFN". */
P2MLAB_API bool p2mlab_unhex(const json_t *string, uint64_t *number);

#ifdef __cplusplus
}
#endif

#endif
