/* client.c: the client with the real server, which the environment's P2MLAB_SERVER names. */
#define _DEFAULT_SOURCE
#include "p2mlab.h"

#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct p2mlab *start_with(const struct p2mlab_options *options)
{
    struct p2mlab_error error;
    struct p2mlab *lab = p2mlab_start(options, &error);

    if (!lab)
        printf("%s\n", error.message);
    CHECK(lab);
    return lab;
}

static struct p2mlab *start(void)
{
    return start_with(NULL);
}

static void end(struct p2mlab *lab)
{
    CHECK(p2mlab_close(lab) == 0);
}

/* Calls that have to succeed. */
static void done(json_t *result)
{
    CHECK(result);
    json_decref(result);
}

/* Two domains with 16 pages of RAM each, the first privileged. */
static struct p2mlab *start_with_domains(void)
{
    struct p2mlab *lab = start();
    int domain;

    for (domain = 1; domain <= 2; domain++)
        done(p2mlab_callf(lab, "domain.create", "{s:i, s:b, s:[{s:o, s:i}]}", "domain", domain,
                          "privileged", domain == 1, "ram", "gfn", p2mlab_hex(0x40000), "pages",
                          16));
    return lab;
}

static json_t *map_grant_frame(struct p2mlab *lab, int frame, uint64_t gfn)
{
    return p2mlab_callf(lab, "grantFrame.map", "{s:i, s:i, s:o}", "domain", 1, "frame", frame,
                        "gfn", p2mlab_hex(gfn));
}

/* Calls. */

static void stale_frame_takes_a_foreign_page_away(void)
{
    struct p2mlab *lab = start_with_domains();
    json_t *result, *effect;
    uint64_t gfn = 0;

    done(map_grant_frame(lab, 0, 0x38000));
    done(p2mlab_callf(lab, "physmap.unmap", "{s:i, s:s}", "domain", 1, "gfn", "0x38000"));
    done(p2mlab_callf(lab, "foreignPage.map", "{s:i, s:s, s:{s:i, s:s}}", "domain", 1, "gfn",
                      "0x38000", "from", "domain", 2, "gfn", "0x40004"));
    result = map_grant_frame(lab, 0, 0x38010);
    effect = p2mlab_expect(lab, result, "effects", "{s:s}", "cause", "stale-tracking");
    CHECK(effect);
    CHECK(p2mlab_unhex(json_object_get(effect, "gfn"), &gfn));
    CHECK(gfn == 0x38000);
    CHECK(p2mlab_expect(lab, result, "violations", "{s:s, s:s}", "property",
                        "no-collateral-removal", "gfn", "0x38000"));
    CHECK(!p2mlab_expect(lab, result, "effects", "{s:s}", "cause", "moved"));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_DIFFERENT);
    CHECK(strstr(p2mlab_last_error(lab)->message,
                 "none of the effects is {\"cause\":\"moved\"}; they are [{\"kind\":"));
    CHECK(!p2mlab_expect(lab, result, "entries", "{}"));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_MISUSE);
    CHECK(!p2mlab_expect(lab, result, "effects", "{s", "kind"));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_MISUSE);
    CHECK(!p2mlab_expect(lab, p2mlab_call(lab, "none", NULL), "effects", "{}"));
    CHECK(p2mlab_last_error(lab)->code == -32601);
    done(p2mlab_call(lab, "server.info", NULL));
    CHECK(!p2mlab_expect(lab, NULL, "effects", "{}"));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_MISUSE);
    json_decref(result);
    end(lab);
}

static void errors_have_errno_and_effects(void)
{
    struct p2mlab *lab = start();
    const struct p2mlab_error *error = p2mlab_last_error(lab);

    done(p2mlab_callf(lab, "machine.reset", NULL));
    done(p2mlab_callf(lab, "machine.create", "{s:s, s:s}", "machine", "new", "preset", "xen-4.17"));
    done(p2mlab_callf(lab, "domain.create", "{s:i, s:s, s:[{s:s, s:i}]}", "domain", 1, "machine",
                      "new", "ram", "gfn", "0x40000", "pages", 16));
    done(p2mlab_callf(lab, "grantFrame.map", "{s:i, s:i, s:s, s:s}", "domain", 1, "frame", 0, "gfn",
                      "0x38000", "machine", "new"));
    CHECK(!p2mlab_callf(lab, "grantFrame.map", "{s:i, s:i, s:s, s:s}", "domain", 1, "frame", 0,
                        "gfn", "0x38001", "machine", "new"));
    CHECK(error->failure == P2MLAB_REFUSED);
    CHECK(error->code == -EBUSY);
    CHECK_TEXT(error->errno_name, "EBUSY");
    CHECK(strstr(error->message, "EBUSY"));
    CHECK(json_is_array(error->effects));
    CHECK(!p2mlab_call(lab, "grantFrame.map", json_object()));
    CHECK(error->code == -32602);
    CHECK(!error->errno_name && !error->effects);
    CHECK_TEXT(json_string_value(json_object_get(error->data, "path")), "/domain");
    CHECK(!p2mlab_call(lab, "no.such.method", NULL));
    CHECK(error->code == -32601);
    done(p2mlab_call(lab, "server.info", NULL));
    CHECK(error->failure == P2MLAB_NONE && !error->data && !*error->message);
    end(lab);
}

/* A failed operation that changed something: p2mlab_expect looks at the error's data. */
static void failed_operations_tell_their_effects(void)
{
    struct p2mlab *lab = start_with_domains();
    const struct p2mlab_error *error = p2mlab_last_error(lab);

    CHECK(!map_grant_frame(lab, 3, UINT64_MAX));
    CHECK(error->failure == P2MLAB_REFUSED);
    CHECK(p2mlab_expect(lab, error->data, "effects", "{s:s}", "kind", "growth"));
    CHECK(error->failure == P2MLAB_REFUSED);
    CHECK(!p2mlab_expect(lab, error->data, "effects", "{s:s}", "kind", "none"));
    CHECK(error->failure == P2MLAB_DIFFERENT && !error->data);
    end(lab);
}

static void misuse_is_refused(void)
{
    struct p2mlab *lab = start();
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    int64_t id;

    CHECK(!p2mlab_call(lab, NULL, json_object()));
    CHECK(error->failure == P2MLAB_MISUSE);
    CHECK(!p2mlab_call(lab, "\xff", json_object()));
    CHECK(error->failure == P2MLAB_MISUSE);
    CHECK(!p2mlab_callf(lab, "domain.get", "{s:i", "domain", 1));
    CHECK(error->failure == P2MLAB_MISUSE);
    CHECK(strstr(error->message, "json_pack of \"{s:i\": "));
    CHECK(p2mlab_sendf(lab, "domain.get", "{s:s}", "domain", "\xff") == -1);
    CHECK(error->failure == P2MLAB_MISUSE);
    CHECK(!p2mlab_receive(lab, 0));
    CHECK(error->failure == P2MLAB_MISUSE);
    CHECK(!p2mlab_receive(lab, 1));
    CHECK(p2mlab_cancel(lab, 1) == -1);
    CHECK(p2mlab_notify(lab, NULL, json_array()) == -1);
    CHECK(error->failure == P2MLAB_MISUSE);
    id = p2mlab_send(lab, "server.info", NULL);
    CHECK(id > 0);
    CHECK(p2mlab_play(lab, "examples/boot.ndjson") == -1);
    CHECK(error->failure == P2MLAB_MISUSE);
    done(p2mlab_receive(lab, id));
    CHECK(!p2mlab_receive(lab, id));
    CHECK_TEXT(error->message, "request 1 was not sent, or has been received");
    end(lab);
    CHECK(p2mlab_close(NULL) == 0);
}

/* Pipelining. */

static void replies_are_received_in_any_order(void)
{
    struct p2mlab *lab = start_with_domains();
    int64_t ids[100];
    json_t *result;
    char name[16];
    int k, at;

    for (k = 0; k < 100; k++) {
        snprintf(name, sizeof name, "r%d", k);
        ids[k] = p2mlab_sendf(lab, "region.define", "{s:i, s:s, s:o, s:i, s:s}", "domain", 1,
                              "name", name, "gfn", p2mlab_hex(0x100000 + (uint64_t)k), "pages", 1,
                              "kind", "extended");
        CHECK(ids[k] > 0);
    }
    for (k = 0; k < 100; k++) {
        at = (k * 37) % 100;
        result = p2mlab_receive(lab, ids[at]);
        snprintf(name, sizeof name, "r%d", at);
        CHECK_TEXT(json_string_value(json_object_get(result, "name")), name);
        json_decref(result);
    }
    end(lab);
}

/* Far more than pipes and sockets hold, both ways, before the first reply is taken. */
static void neither_side_waits_for_the_other(void)
{
    struct p2mlab *lab = start();
    char text[4096];
    int64_t k;

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    for (k = 1; k <= 4000; k += 2) {
        CHECK(p2mlab_send(lab, "server.info", NULL) == k);
        CHECK(p2mlab_sendf(lab, "session.note", "{s:s}", "text", text) == k + 1);
    }
    for (k = 1; k <= 4000; k++)
        done(p2mlab_receive(lab, k));
    end(lab);
}

static void outstanding_requests_are_bounded(void)
{
    struct p2mlab *lab = start();
    int64_t k;

    for (k = 1; k <= P2MLAB_MAX_OUTSTANDING; k++)
        CHECK(p2mlab_send(lab, "machine.list", NULL) == k);
    CHECK(p2mlab_send(lab, "machine.list", NULL) == -1);
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_MISUSE);
    done(p2mlab_receive(lab, 2));
    CHECK(p2mlab_send(lab, "machine.list", NULL) == -1);
    done(p2mlab_receive(lab, 1));
    CHECK(p2mlab_send(lab, "machine.list", NULL) == k);
    done(p2mlab_receive(lab, k));
    end(lab); /* The others were never received. */
}

static void message_may_be_too_long_for_the_server(void)
{
    const size_t size = (size_t)17 << 20;
    struct p2mlab *lab = start();
    char *text = malloc(size + 1);

    memset(text, 'x', size);
    text[size] = '\0';
    CHECK(!p2mlab_callf(lab, "session.note", "{s:s}", "text", text));
    free(text);
    CHECK(p2mlab_last_error(lab)->code == -32600);
    done(p2mlab_call(lab, "server.info", NULL));
    end(lab);
}

/* Notifications. */

struct listener {
    struct p2mlab *lab;
    int64_t id;
    int count;
    bool cancels, refused;
};

static void hear(void *context, const char *method, json_t *params)
{
    struct listener *listener = context;

    if (strcmp(method, "$/progress") || !json_is_integer(json_object_get(params, "token")))
        return;
    listener->count++;
    if (!listener->cancels)
        return;
    listener->cancels = p2mlab_cancel(listener->lab, listener->id) != 0;
    listener->refused = !p2mlab_call(listener->lab, "server.info", json_object()) &&
                        p2mlab_send(listener->lab, "server.info", NULL) == -1 &&
                        !p2mlab_receive(listener->lab, listener->id) &&
                        p2mlab_close(listener->lab) == -1 &&
                        p2mlab_notify(listener->lab, "session.note", json_object()) == 0;
}

/* What takes far longer than any test. */
static int64_t explore(struct p2mlab *lab)
{
    return p2mlab_sendf(lab, "explore.run", "{s:s, s:[s], s:i, s:i, s:i, s:[], s:i}", "preset",
                        "xen-4.16", "properties", "no-dangling", "gfns", 8, "frames", 4,
                        "foreignPages", 3, "symmetry", "workDoneToken", 7);
}

static void progress_is_told_and_calls_are_cancelled(void)
{
    struct listener listener = {.cancels = true};
    struct p2mlab_options options = {.notified = hear, .context = &listener};

    listener.lab = start_with(&options);
    listener.id = explore(listener.lab);
    CHECK(!p2mlab_receive(listener.lab, listener.id));
    CHECK(p2mlab_last_error(listener.lab)->failure == P2MLAB_REFUSED);
    CHECK(p2mlab_last_error(listener.lab)->code == -32800);
    CHECK(listener.count > 0);
    CHECK(!listener.cancels);
    CHECK(listener.refused);
    end(listener.lab);
}

static void notes_are_sent(void)
{
    struct p2mlab *lab = start();
    json_t *result;

    CHECK(p2mlab_notify(lab, "session.note", json_pack("{s:s}", "text", "a note")) == 0);
    result = p2mlab_call(lab, "session.export", NULL);
    CHECK(p2mlab_expect(lab, result, "requests", "{s:s, s:{s:s}}", "method", "session.note",
                        "params", "text", "a note"));
    json_decref(result);
    end(lab);
}

/* Far more than the server has read when its input is closed. */
static void what_was_sent_is_carried_out(void)
{
    const char *arguments[] = {"--record", getenv("P2MLAB_TEST_FILE"), NULL};
    struct p2mlab_options options = {.arguments = arguments};
    struct p2mlab *lab;
    char text[8192], line[sizeof text + 200];
    FILE *record;
    int k;

    remove(arguments[1]);
    lab = start_with(&options);
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    for (k = 0; k < 200; k++)
        CHECK(p2mlab_notify(lab, "session.note", json_pack("{s:s}", "text", text)) == 0);
    end(lab);
    record = fopen(arguments[1], "r");
    CHECK(record);
    for (k = 0; fgets(line, sizeof line, record);)
        k += strstr(line, "session.note") != NULL;
    fclose(record);
    remove(arguments[1]);
    CHECK(k == 200);
}

/* Sessions. */

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    CHECK(file);
    fputs(text, file);
    fclose(file);
}

static void sessions_are_compared(void)
{
    static const struct {
        const char *text, *message;
        enum p2mlab_failure failure;
    } cases[] = {
        {"", NULL, P2MLAB_NONE},
        {"\n \r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"domain.list\"}\r\n"
         "{\"id\":1,\"result\":{}}",
         NULL, P2MLAB_NONE},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"machine.get\"}\n\n"
         "{\"id\":1,\"result\":{\"preset\":\"xen-4.17\"}}\n",
         ":3: /result/preset: expected \"xen-4.17\", got \"xen-4.16\"", P2MLAB_DIFFERENT},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"machine.get\"}\n"
         "{\"id\":1,\"result\":{\"none\":[1]}}\n",
         ":2: /result/none: expected [1], got nothing", P2MLAB_DIFFERENT},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"machine.get\"}\n"
         "{\"id\":2,\"result\":{}}\n",
         ":2: no request has this id, or none that is answered", P2MLAB_DIFFERENT},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"machine.get\"}\n{\"id\":1,\"result\":{}}\n",
         ":2: no request has this id, or none that is answered", P2MLAB_DIFFERENT},
        {"{\"id\":1,\"method\":\"machine.get\"}\n{\"id\":1,\"error\":{\"code\":-32601}}\n",
         ":2: /error/code: expected -32601, got -32600", P2MLAB_DIFFERENT},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"machine.get\"}\nnonsense\n",
         ":2: '[' or '{' expected near 'nonsense'", P2MLAB_MISUSE},
        {"{\"id\":1}\n", ":1: neither a request nor a reply", P2MLAB_MISUSE},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"machine.get\"}\n"
         "{\"id\":1,\"result\":{}}\n{\"id\":1,\"result\":{}}\n",
         ":3: no request has this id, or none that is answered", P2MLAB_DIFFERENT},
        {"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"machine.get\"},"
         "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"machine.get\"}]\n"
         "{\"id\":2,\"result\":{}}\n[{\"id\":1,\"error\":{}}]\n",
         ":3: /error: expected {}, got nothing", P2MLAB_DIFFERENT},
    };
    const char *path = getenv("P2MLAB_TEST_FILE");
    struct p2mlab *lab = start();
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    char message[sizeof error->message];
    size_t k;

    CHECK(path);
    for (k = 0; k < sizeof cases / sizeof *cases; k++) {
        write_file(path, cases[k].text);
        CHECK(p2mlab_play(lab, path) == (cases[k].failure ? -1 : 0));
        CHECK(error->failure == cases[k].failure);
        snprintf(message, sizeof message, "%s%s", path, cases[k].message ? cases[k].message : "");
        CHECK_TEXT(error->message, cases[k].message ? message : "");
    }
    CHECK(remove(path) == 0);
    CHECK(p2mlab_play(lab, path) == -1);
    CHECK(error->failure == P2MLAB_MISUSE);
    CHECK(strstr(error->message, "No such file"));
    CHECK(p2mlab_play(lab, "/") == -1);
    CHECK(strstr(error->message, "Is a directory"));
    done(p2mlab_call(lab, "server.info", NULL));
    end(lab);
}

static void sessions_may_be_too_long(void)
{
    struct p2mlab *lab = start();

    CHECK(p2mlab_play(lab, "/dev/zero") == -1);
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_MISUSE);
    CHECK_TEXT(p2mlab_last_error(lab)->message, "/dev/zero: longer than 67108864 bytes");
    end(lab);
}

static void sessions_end_the_server_that_is_too_slow(void)
{
    const char *path = getenv("P2MLAB_TEST_FILE");
    struct p2mlab *lab = start();

    write_file(path, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"explore.run\",\"params\":"
                     "{\"preset\":\"xen-4.16\",\"properties\":[\"no-dangling\"],"
                     "\"gfns\":8,\"frames\":4,\"foreignPages\":3,\"symmetry\":[]}}\n");
    done(p2mlab_call(lab, "server.info", NULL));
    p2mlab_set_timeout(lab, 1);
    CHECK(p2mlab_play(lab, path) == -1);
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_TIMEOUT);
    CHECK(p2mlab_pid(lab) == 0);
    CHECK(p2mlab_close(lab) == 128 + SIGKILL);
    remove(path);
}

static void values_are_compared(void)
{
    static const struct {
        const char *expected, *actual, *difference;
    } cases[] = {
        {"1", "1", NULL},
        {"1", "2", " expected 1, got 2"},
        {"1", "1.0", " expected 1, got 1.0"},
        {"null", "false", " expected null, got false"},
        {"{}", "{\"a\":1}", NULL},
        {"{\"a\":{\"b\":[1,{\"c\":2}]}}", "{\"a\":{\"b\":[1,{\"c\":3}]}}",
         "/a/b/1/c: expected 2, got 3"},
        {"[]", "[1]", "/0: expected nothing, got 1"},
        {"[1,2]", "[1]", "/1: expected 2, got nothing"},
        {"[]", "{}", " expected [], got {}"},
        {"{\"a\":null}", "{}", "/a: expected null, got nothing"},
    };
    char difference[64];
    json_t *expected, *actual;
    bool same;
    size_t k;

    for (k = 0; k < sizeof cases / sizeof *cases; k++) {
        expected = json_loads(cases[k].expected, JSON_DECODE_ANY, NULL);
        actual = json_loads(cases[k].actual, JSON_DECODE_ANY, NULL);
        *difference = '\0';
        same = p2mlab_matches(expected, actual, difference, sizeof difference);
        CHECK(same == !cases[k].difference);
        CHECK_TEXT(difference, same ? "" : cases[k].difference);
        CHECK(p2mlab_matches(expected, actual, NULL, 0) == same);
        p2mlab_matches(expected, actual, difference, 4);
        CHECK(strlen(difference) <= 3);
        json_decref(expected);
        json_decref(actual);
    }
}

static void numbers_are_strings(void)
{
    static const uint64_t numbers[] = {0, 1, 0x38000, 1ull << 53, UINT64_MAX};
    static const char *const none[] = {"", "0x", "38000", "0xg", "0x 1", "0x12345678901234567"};
    json_t *string;
    uint64_t number;
    size_t k;

    for (k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        string = p2mlab_hex(numbers[k]);
        CHECK(p2mlab_unhex(string, &number));
        CHECK(number == numbers[k]);
        json_decref(string);
    }
    for (k = 0; k < sizeof none / sizeof *none; k++) {
        string = json_string(none[k]);
        CHECK(!p2mlab_unhex(string, &number));
        json_decref(string);
    }
    CHECK(!p2mlab_unhex(json_null(), &number));
    CHECK(!p2mlab_unhex(NULL, &number));
}

/* The process. */

/* How many descriptors a process has, with what this program itself was started with. */
static int descriptors(pid_t pid)
{
    char path[64];
    DIR *folder;
    int count = 0;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    folder = opendir(path);
    if (!folder)
        return -1;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void server_is_killed(void)
{
    struct p2mlab *lab = start_with_domains();
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    siginfo_t ended;
    int64_t id = 0;
    int k;

    for (k = 0; k < 1000; k++)
        id = p2mlab_send(lab, "server.info", NULL);
    CHECK(kill(p2mlab_pid(lab), SIGKILL) == 0);
    CHECK(waitid(P_PID, (id_t)p2mlab_pid(lab), &ended, WEXITED | WNOWAIT) == 0);
    for (k = 0; k < 1000; k++) /* Nobody reads any more: no SIGPIPE. */
        if (p2mlab_send(lab, "server.info", NULL) > 0)
            id++;
    CHECK(!p2mlab_receive(lab, id));
    CHECK(error->failure == P2MLAB_ENDED);
    CHECK(error->status == 128 + SIGKILL);
    CHECK_TEXT(error->message, "the server was ended by signal 9");
    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(error->failure == P2MLAB_ENDED);
    CHECK(p2mlab_close(lab) == 128 + SIGKILL);
}

static void wrong_arguments_are_told(void)
{
    const char *arguments[] = {"--preset", "xen-9", NULL};
    struct p2mlab_options options = {.arguments = arguments};
    struct p2mlab *lab = start_with(&options);

    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_ENDED);
    CHECK(strstr(p2mlab_last_error(lab)->stderr_tail, "xen-9"));
    CHECK(p2mlab_close(lab) > 0);
}

static void arguments_reach_the_server(void)
{
    const char *arguments[] = {"--preset", "xen-4.17", NULL};
    struct p2mlab_options options = {.arguments = arguments};
    struct p2mlab *lab = start_with(&options);
    json_t *result = p2mlab_call(lab, "machine.get", NULL);

    CHECK_TEXT(json_string_value(json_object_get(result, "preset")), "xen-4.17");
    json_decref(result);
    end(lab);
}

/* By argument, by P2MLAB_SERVER, on PATH; the test's script puts p2mlab there. */
static void server_is_found(void)
{
    char *named = strdup(getenv("P2MLAB_SERVER"));
    struct p2mlab_options options = {.server = named};
    struct p2mlab_error error;
    struct p2mlab *lab;

    setenv("P2MLAB_SERVER", "/no/such/program", 1);
    CHECK(!p2mlab_start(NULL, &error));
    CHECK(error.code == ENOENT);
    lab = p2mlab_start(&options, &error);
    CHECK(lab && error.failure == P2MLAB_NONE);
    end(lab);
    setenv("P2MLAB_SERVER", "", 1);
    end(start());
    unsetenv("P2MLAB_SERVER");
    lab = start();
    done(p2mlab_call(lab, "server.info", NULL));
    end(lab);
    setenv("P2MLAB_SERVER", named, 1);
    free(named);
}

static void descriptors_do_not_leak(void)
{
    int before = descriptors(getpid());
    struct p2mlab *first = start(), *second = start();

    done(p2mlab_call(first, "server.info", NULL));
    done(p2mlab_call(second, "server.info", NULL));
    CHECK(descriptors(p2mlab_pid(first)) > 0);
    CHECK(descriptors(p2mlab_pid(first)) == descriptors(p2mlab_pid(second)));
    end(first);
    end(second);
    CHECK(descriptors(getpid()) == before);
}

static void standard_streams_may_be_closed(void)
{
    int saved[3], k;
    bool taken;
    struct p2mlab *lab;
    json_t *result;

    fflush(stdout);
    for (k = 0; k < 3; k++) {
        saved[k] = fcntl(k, F_DUPFD_CLOEXEC, 10);
        close(k);
    }
    lab = p2mlab_start(NULL, NULL);
    result = lab ? p2mlab_call(lab, "server.info", NULL) : NULL;
    taken = fcntl(0, F_GETFD) >= 0 || fcntl(1, F_GETFD) >= 0 || fcntl(2, F_GETFD) >= 0;
    for (k = 0; k < 3; k++) {
        dup2(saved[k], k);
        close(saved[k]);
    }
    done(result);
    CHECK(!taken); /* What is printed does not go to the server. */
    end(lab);
}

/* The terminal sends SIGINT to the group in the foreground. */
static void interrupts_miss_the_server(void)
{
    struct p2mlab *lab;

    signal(SIGINT, SIG_IGN);
    setpgid(0, 0);
    signal(SIGINT, SIG_DFL);
    lab = start();
    CHECK(getpgid(p2mlab_pid(lab)) == p2mlab_pid(lab));
    done(p2mlab_call(lab, "server.info", NULL));
    signal(SIGINT, SIG_IGN);
    CHECK(kill(0, SIGINT) == 0);
    signal(SIGINT, SIG_DFL);
    done(p2mlab_call(lab, "server.info", NULL));
    end(lab);
}

static void ignore_signal(int number)
{
    (void)number;
}

/* Every system call is interrupted again and again. */
static void interrupted_calls_go_on(void)
{
    struct sigaction action = {.sa_handler = ignore_signal};
    struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    struct p2mlab *lab;
    int k;

    sigaction(SIGALRM, &action, NULL);
    lab = start();
    setitimer(ITIMER_REAL, &often, NULL);
    for (k = 0; k < 200; k++)
        done(p2mlab_call(lab, "server.info", NULL));
    k = p2mlab_close(lab);
    setitimer(ITIMER_REAL, &never, NULL);
    CHECK(k == 0);
}

static void somebody_else_waits_for_children(void)
{
    struct p2mlab *lab;

    signal(SIGCHLD, SIG_IGN);
    lab = start();
    kill(p2mlab_pid(lab), SIGKILL);
    CHECK(!p2mlab_call(lab, "server.info", NULL));
    CHECK(p2mlab_last_error(lab)->failure == P2MLAB_ENDED);
    CHECK(p2mlab_last_error(lab)->status == -1);
    CHECK(p2mlab_close(lab) == -1);
    signal(SIGCHLD, SIG_DFL);
}

/* Calls on a server of the thread's own; how many succeed. */
static void *call_often(void *count)
{
    struct p2mlab *lab = p2mlab_start(NULL, NULL);
    json_t *result;
    int k;

    for (k = 0; lab && k < 100; k++) {
        result = p2mlab_call(lab, "server.info", NULL);
        *(int *)count += result != NULL;
        json_decref(result);
    }
    if (p2mlab_close(lab))
        *(int *)count = -1;
    return NULL;
}

static void handles_are_independent(void)
{
    pthread_t threads[4];
    int counts[4] = {0}, k;

    for (k = 0; k < 4; k++)
        CHECK(pthread_create(&threads[k], NULL, call_often, &counts[k]) == 0);
    for (k = 0; k < 4; k++)
        pthread_join(threads[k], NULL);
    for (k = 0; k < 4; k++)
        CHECK(counts[k] == 100);
}

/* The server has the writing end of a pipe, so that the pipe ends with it. */
static void server_ends_with_the_process(void)
{
    int ends[2];
    char byte;
    pid_t child;

    CHECK(pipe(ends) == 0);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        struct p2mlab *lab = p2mlab_start(NULL, NULL);
        json_t *result = lab ? p2mlab_call(lab, "server.info", NULL) : NULL;

        if (result)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(ends[1]);
    CHECK(read(ends[0], &byte, 1) == 0);
    close(ends[0]);
    CHECK(waitpid(child, &ends[0], 0) == child);
    CHECK(WIFSIGNALED(ends[0]));
}

/* How many more allocations of jansson's succeed; negative: all. */
static int allocations = -1;

static void *allocate(size_t size)
{
    return allocations == 0 ? NULL : (allocations -= allocations > 0, malloc(size));
}

/*
 * Each allocation of jansson's in turn fails, so does the call, and no memory is lost. Jansson
 * itself does not always tell want of memory from wrong values or JSON.
 */
static void memory_runs_out(void)
{
    struct p2mlab *lab = NULL;
    const struct p2mlab_error *error;
    json_t *result;
    int k;

    for (k = 0, result = NULL; !result; k++) {
        lab = start();
        error = p2mlab_last_error(lab);
        json_set_alloc_funcs(allocate, free);
        allocations = k;
        result = p2mlab_callf(lab, "domain.create", "{s:i, s:[{s:s, s:i}]}", "domain", 1, "ram",
                              "gfn", "0x40000", "pages", 16);
        allocations = -1;
        json_set_alloc_funcs(malloc, free);
        if (!result)
            CHECK(error->failure == P2MLAB_SYSTEM || error->failure == P2MLAB_MISUSE ||
                  error->failure == P2MLAB_GARBAGE);
        CHECK(p2mlab_close(lab) >= 0);
    }
    CHECK(k > 30);
    json_decref(result);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        {"stale_frame_takes_a_foreign_page_away", stale_frame_takes_a_foreign_page_away},
        {"errors_have_errno_and_effects", errors_have_errno_and_effects},
        {"failed_operations_tell_their_effects", failed_operations_tell_their_effects},
        {"misuse_is_refused", misuse_is_refused},
        {"replies_are_received_in_any_order", replies_are_received_in_any_order},
        {"neither_side_waits_for_the_other", neither_side_waits_for_the_other},
        {"outstanding_requests_are_bounded", outstanding_requests_are_bounded},
        {"message_may_be_too_long_for_the_server", message_may_be_too_long_for_the_server},
        {"progress_is_told_and_calls_are_cancelled", progress_is_told_and_calls_are_cancelled},
        {"notes_are_sent", notes_are_sent},
        {"what_was_sent_is_carried_out", what_was_sent_is_carried_out},
        {"sessions_are_compared", sessions_are_compared},
        {"sessions_may_be_too_long", sessions_may_be_too_long},
        {"sessions_end_the_server_that_is_too_slow", sessions_end_the_server_that_is_too_slow},
        {"values_are_compared", values_are_compared},
        {"numbers_are_strings", numbers_are_strings},
        {"server_is_killed", server_is_killed},
        {"wrong_arguments_are_told", wrong_arguments_are_told},
        {"arguments_reach_the_server", arguments_reach_the_server},
        {"server_is_found", server_is_found},
        {"descriptors_do_not_leak", descriptors_do_not_leak},
        {"standard_streams_may_be_closed", standard_streams_may_be_closed},
        {"interrupts_miss_the_server", interrupts_miss_the_server},
        {"interrupted_calls_go_on", interrupted_calls_go_on},
        {"handles_are_independent", handles_are_independent},
        {"server_ends_with_the_process", server_ends_with_the_process},
        {"memory_runs_out", memory_runs_out},
        {"somebody_else_waits_for_children", somebody_else_waits_for_children},
    };

    return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
