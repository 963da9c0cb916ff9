/* faults.c: what becomes of calls to servers that do not do what they should. */
#define _POSIX_C_SOURCE 200809L
#include "p2mlab.h"

#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct p2mlab *start(const char *kind, int timeout)
{
    const char *arguments[] = {kind, NULL};
    struct p2mlab_options options = {
        .server = "tests/fake", .arguments = arguments, .timeout = timeout};
    struct p2mlab *lab = p2mlab_start(&options, NULL);

    CHECK(lab);
    return lab;
}

/* Of a server that was killed, and may have ended before: it is not known how. */
#define ANY_STATUS -2

/* Calls a server of this kind; the connection is over then, and stays so. */
static struct p2mlab *call_broken(const char *kind, int timeout, enum p2mlab_failure failure,
                                  int status)
{
    struct p2mlab *lab = start(kind, timeout);
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    char message[sizeof error->message];

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(error->failure == failure);
    CHECK(status == ANY_STATUS || error->status == status);
    CHECK(p2mlab_pid(lab) == 0);
    strcpy(message, error->message);
    CHECK(!p2mlab_call(lab, "server.info", json_object()));
    CHECK(error->failure == failure);
    CHECK_TEXT(error->message, message);
    CHECK(p2mlab_send(lab, "server.info", NULL) == -1);
    CHECK(p2mlab_notify(lab, "session.note", NULL) == -1);
    CHECK(p2mlab_play(lab, "examples/boot.ndjson") == -1);
    CHECK(error->failure == failure);
    return lab;
}

static void server_ends(void)
{
    struct p2mlab *lab = call_broken("ends", 0, P2MLAB_ENDED, 3);

    CHECK_TEXT(p2mlab_last_error(lab)->message, "the server ended with status 3");
    CHECK_TEXT(p2mlab_last_error(lab)->stderr_tail, "the last word\n");
    CHECK(p2mlab_close(lab) == 3);
    CHECK(p2mlab_close(call_broken("ends-early", 0, P2MLAB_ENDED, 0)) == 0);
}

static void server_ends_within_a_reply(void)
{
    CHECK(p2mlab_close(call_broken("torn", 0, P2MLAB_ENDED, 5)) == 5);
}

static void replies_before_the_end_are_kept(void)
{
    struct p2mlab *lab = start("answers-one", 0);
    int64_t first = p2mlab_send(lab, "server.info", NULL);
    int64_t second = p2mlab_send(lab, "server.info", NULL);
    json_t *result;

    CHECK(!p2mlab_receive(lab, second));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_ENDED);
    result = p2mlab_receive(lab, first);
    CHECK(result);
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_NONE);
    json_decref(result);
    CHECK(!p2mlab_receive(lab, second));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_ENDED);
    CHECK(p2mlab_close(lab) == 4);
}

static void server_closes_stdout(void)
{
    struct p2mlab *lab = start("closes-stdout", 20);
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    int64_t id = p2mlab_send(lab, "server.info", NULL);

    do
        CHECK(!p2mlab_receive(lab, id));
    while (error->failure == P2MLAB_TIMEOUT);
    CHECK(error->failure == P2MLAB_ENDED);
    CHECK_TEXT(error->message, "the server closed its stdout, did not end, and was killed");
    CHECK(p2mlab_close(lab) == 128 + SIGKILL);
}

static void server_never_answers(void)
{
    struct p2mlab *lab = start("silent", 20);
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    int64_t id;

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(error->failure == P2MLAB_TIMEOUT);
    CHECK_TEXT(error->message, "server.info was not answered within 20 ms, and was cancelled");
    id = p2mlab_send(lab, "server.info", NULL);
    CHECK(id > 0);
    CHECK(!p2mlab_receive(lab, id));
    CHECK(error->failure == P2MLAB_TIMEOUT);
    CHECK(!p2mlab_receive(lab, id));
    CHECK(error->failure == P2MLAB_TIMEOUT);
    p2mlab_set_timeout(lab, -1);
    CHECK(p2mlab_close(lab) == 0);
}

static void late_reply_is_dropped(void)
{
    struct p2mlab *lab = start("late", 20);
    json_t *result;

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK(!p2mlab_receive(lab, 1));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_MISUSE);
    p2mlab_set_timeout(lab, 0);
    result = p2mlab_call(lab, "server.info", NULL);
    CHECK(result);
    json_decref(result);
    CHECK(p2mlab_close(lab) == 0);
}

/* Sends until nothing can be sent any more. */
static void server_does_not_read(void)
{
    struct p2mlab *lab = start("deaf", 20);
    char *text = malloc(65537);
    int k;

    memset(text, 'x', 65536);
    text[65536] = '\0';
    for (k = 0; k < 1000; k++)
        if (p2mlab_sendf(lab, "session.note", "{s:s}", "text", text) < 0)
            break;
    free(text);
    CHECK(k > 15 && k < 1000);
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK_TEXT(p2mlab_last_error(lab)->message,
               "the server has not read what was sent within 20 ms");
    CHECK(p2mlab_close(lab) == 128 + SIGKILL);
}

static void server_closes_stdin(void)
{
    struct p2mlab *lab = start("closes-stdin", 20);

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK(p2mlab_close(lab) == 128 + SIGKILL);
}

static void deaf_server_is_killed(void)
{
    CHECK(p2mlab_close(start("deaf", 1)) == 128 + SIGKILL);
}

static void stdout_has_garbage(void)
{
    static const struct {
        const char *kind, *message;
    } cases[] = {
        {"banner", "the server's stdout has what is no JSON: Welcome to \"Xen\"?!"},
        {"scalar", "the server's stdout has what is no JSON: 1"},
        {"keys", "the server's stdout has what is no JSON: "
                 "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"result\":{}}"},
        {"other-id", "the server's stdout has a message that nobody awaits: "
                     "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}"},
        {"neither", "the server's stdout has a message that nobody awaits: "
                    "{\"jsonrpc\":\"2.0\",\"id\":1}"},
    };
    struct p2mlab *lab;
    size_t k;

    for (k = 0; k < sizeof cases / sizeof *cases; k++) {
        lab = call_broken(cases[k].kind, 0, P2MLAB_GARBAGE, ANY_STATUS);
        CHECK_TEXT(p2mlab_last_error(lab)->message, cases[k].message);
        p2mlab_close(lab);
    }
}

/* The second reply may come with the first, or later. */
static void reply_comes_twice(void)
{
    struct p2mlab *lab = start("twice", 0);
    json_t *result = p2mlab_call(lab, "server.info", NULL);

    if (result) {
        json_decref(result);
        CHECK(!p2mlab_call(lab, "server.info", NULL));
    }
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_GARBAGE);
    p2mlab_close(lab);
}

static void error_has_no_id(void)
{
    struct p2mlab *lab = start("no-id", 0);

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_REFUSED);
    CHECK(p2mlab_last_error(lab)->code == -32600);
    CHECK_TEXT(p2mlab_last_error(lab)->message, "too long");
    CHECK(p2mlab_close(lab) == 0);
}

static void error_has_nothing_in_it(void)
{
    struct p2mlab *lab = start("bare-error", 0);
    const struct p2mlab_error *error = p2mlab_last_error(lab);

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(error->failure == P2MLAB_REFUSED);
    CHECK(error->code == 0 && !error->data && !error->effects && !error->errno_name);
    CHECK(p2mlab_close(lab) == 0);
}

static void reply_is_huge(void)
{
    struct p2mlab *lab = start("huge", 0);
    json_t *result = p2mlab_call(lab, "server.info", NULL);

    CHECK(json_string_length(result) == 8388608);
    json_decref(result);
    CHECK(p2mlab_close(lab) == 0);
}

static void line_has_no_end(void)
{
    const char *arguments[] = {"long", NULL};
    struct p2mlab_options options = {
        .server = "tests/fake", .arguments = arguments, .max_message = 100000};
    struct p2mlab *lab = p2mlab_start(&options, NULL);

    CHECK(lab);
    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_GARBAGE);
    CHECK_TEXT(p2mlab_last_error(lab)->message, "the server's message is longer than 100000 bytes");
    CHECK(p2mlab_close(lab) > 128);
}

/* A server that is never silent, but never answers, does not hold a call up. */
static void notifications_have_no_end(void)
{
    struct p2mlab *lab = start("endless", 20);

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK(p2mlab_close(lab) > 128);
}

static void stderr_is_full(void)
{
    struct p2mlab *lab = start("stderr", 0);
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    json_t *result = p2mlab_call(lab, "server.info", NULL);
    size_t length;

    CHECK(result);
    json_decref(result);
    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(error->status == 6);
    length = strlen(error->stderr_tail);
    CHECK(length == sizeof error->stderr_tail - 1);
    CHECK_TEXT(error->stderr_tail + length - 12, "eat the end\n");
    CHECK(p2mlab_close(lab) == 6);
}

/* The server has ended, but a child of it has its stdout still open. */
static void child_outlives_the_server(void)
{
    struct p2mlab *lab = start("child", 20);
    siginfo_t ended;

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK(waitid(P_PID, (id_t)p2mlab_pid(lab), &ended, WEXITED | WNOWAIT) == 0);
    CHECK(p2mlab_close(lab) == 7);
}

static void program_is_missing(void)
{
    static const char *const arguments[] = {"silent", NULL};
    static const struct {
        const char *program;
        int code;
    } cases[] = {{"/no/such/p2mlab", ENOENT},
                 {"no-such-p2mlab", ENOENT},
                 {"/", EACCES},
                 {"tests/check.h", EACCES}};
    struct p2mlab_options options = {.arguments = arguments};
    struct p2mlab_error error;
    size_t k;

    for (k = 0; k < sizeof cases / sizeof *cases; k++) {
        options.server = cases[k].program;
        CHECK(!p2mlab_start(&options, &error));
        CHECK(error.failure == P2MLAB_SYSTEM);
        CHECK(error.code == cases[k].code);
        CHECK(strstr(error.message, cases[k].program));
        CHECK(strstr(error.message, "P2MLAB_SERVER"));
        CHECK(!p2mlab_start(&options, NULL));
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        {"server_ends", server_ends},
        {"server_ends_within_a_reply", server_ends_within_a_reply},
        {"replies_before_the_end_are_kept", replies_before_the_end_are_kept},
        {"server_closes_stdout", server_closes_stdout},
        {"server_closes_stdin", server_closes_stdin},
        {"server_never_answers", server_never_answers},
        {"late_reply_is_dropped", late_reply_is_dropped},
        {"server_does_not_read", server_does_not_read},
        {"deaf_server_is_killed", deaf_server_is_killed},
        {"stdout_has_garbage", stdout_has_garbage},
        {"reply_comes_twice", reply_comes_twice},
        {"error_has_no_id", error_has_no_id},
        {"error_has_nothing_in_it", error_has_nothing_in_it},
        {"reply_is_huge", reply_is_huge},
        {"line_has_no_end", line_has_no_end},
        {"notifications_have_no_end", notifications_have_no_end},
        {"stderr_is_full", stderr_is_full},
        {"child_outlives_the_server", child_outlives_the_server},
        {"program_is_missing", program_is_missing},
    };

    return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
