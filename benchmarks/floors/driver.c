// Starts a server, talks to it, and tells what that took, as one JSON object on a line.
//
//   driver pipe  FILE -- SERVER...   all messages as fast as the server takes them
//   driver ping  FILE -- SERVER...   each once the reply to the one before is there
//   driver start COUNT FILE -- SERVER...   from starting the server to the reply to the first message
//
// FILE has messages, one a line; each is answered by one message. With --content-length they are sent, and
// answers read, in LSP's framing. --first N: the first N messages are answered before the clock runs.
// --greeting: the server speaks first. Exits with 1 where the server ends before it has answered all.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool content_length, greeting;
static size_t first_count;
static char **server_command;

static void fail(const char *what) {
    fprintf(stderr, "driver: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// --- Messages, framed and ready to be sent: message i is bytes[ends[i - 1]..ends[i]).

static char *bytes;
static size_t *ends, message_count;

static void read_messages(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    char *line = NULL;
    size_t room = 0, used = 0, capacity = 0;
    for (ssize_t length; (length = getline(&line, &room, file)) > 0;) {
        if (content_length && line[length - 1] == '\n') length--;
        if (used + (size_t)length + 64 > capacity) bytes = realloc(bytes, capacity = 2 * capacity + (size_t)length + 64);
        if (!(message_count & (message_count + 1))) ends = realloc(ends, 2 * (message_count + 1) * sizeof *ends);
        if (!bytes || !ends) fail("no memory");
        if (content_length) used += (size_t)sprintf(bytes + used, "Content-Length: %zd\r\n\r\n", length);
        memcpy(bytes + used, line, (size_t)length);
        ends[message_count++] = used += (size_t)length;
    }
    free(line);
    fclose(file);
    if (message_count <= first_count) fail("too few messages");
}

static size_t begin_of(size_t message) { return message ? ends[message - 1] : 0; }

// --- The server

struct server {
    pid_t pid;
    int to, from;
};

static struct server start(void) {
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC)) fail("pipe");
    struct server s = {.to = to[1], .from = from[0]};
    s.pid = vfork();
    if (s.pid < 0) fail("vfork");
    if (!s.pid) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        execvp(server_command[0], server_command);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    return s;
}

// Ends it, whether or not it would end with its input.
static void end(struct server s) {
    close(s.to);
    close(s.from);
    kill(s.pid, SIGKILL);
    if (waitpid(s.pid, NULL, 0) < 0) fail("waitpid");
}

// The processor time that it has taken so far, in seconds.
static double cpu_time(pid_t pid) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t)) fail("the server's processor time");
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Resident memory in KiB.
static long resident(pid_t pid) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1) break;
    if (file) fclose(file);
    return kib;
}

// --- Replies

// How far the reply has been read that is coming in: in LSP's framing a header, then `left` bytes of body.
static struct {
    size_t left;
    char header[256];
    size_t header_length;
} reply;

// Counts the replies that end in these bytes.
static size_t replies_in(const char *at, size_t length) {
    const char *stop = at + length;
    size_t count = 0;
    while (at < stop) {
        if (!content_length) {
            if (!(at = memchr(at, '\n', (size_t)(stop - at)))) break;
            at++;
            count++;
        } else if (reply.left) {
            size_t taken = reply.left < (size_t)(stop - at) ? reply.left : (size_t)(stop - at);
            at += taken;
            count += !(reply.left -= taken);
        } else {
            if (reply.header_length == sizeof reply.header - 1) fail("a reply's header is too long");
            reply.header[reply.header_length++] = *at++;
            reply.header[reply.header_length] = 0;
            if (reply.header_length < 4 || memcmp(reply.header + reply.header_length - 4, "\r\n\r\n", 4)) continue;
            const char *value = strcasestr(reply.header, "content-length:");
            if (!value) fail("a reply without Content-Length");
            reply.left = strtoul(value + 15, NULL, 10);
            reply.header_length = 0;
        }
    }
    return count;
}

static size_t receive(struct server s) {
    static char buffer[1 << 16];
    ssize_t count = read(s.from, buffer, sizeof buffer);
    if (count <= 0) fail("the server ended before it had answered");
    return replies_in(buffer, (size_t)count);
}

static void await(struct server s, size_t count) {
    for (size_t got = 0; got < count;) got += receive(s);
}

static void send_all(struct server s, size_t from, size_t to) {
    for (ssize_t count; from < to; from += (size_t)count)
        if ((count = write(s.to, bytes + from, to - from)) < 0) fail("write");
}

static void ask(struct server s, size_t message) {
    send_all(s, begin_of(message), ends[message]);
    await(s, 1);
}

static struct server start_and_prepare(void) {
    struct server s = start();
    if (greeting) await(s, 1);
    for (size_t i = 0; i < first_count; i++) ask(s, i);
    return s;
}

// --- What is measured

static void measure_pipe(void) {
    struct server s = start_and_prepare();
    size_t count = message_count - first_count, got = 0, sent = begin_of(first_count), all = ends[message_count - 1];
    fcntl(s.to, F_SETFL, O_NONBLOCK);
    double began = now(), cpu = cpu_time(s.pid);
    while (got < count) {
        struct pollfd ready[] = {{s.from, POLLIN, 0}, {sent < all ? s.to : -1, POLLOUT, 0}};
        if (poll(ready, 2, -1) < 0) fail("poll");
        if (ready[1].revents) {
            ssize_t written = write(s.to, bytes + sent, all - sent);
            if (written < 0 && errno != EAGAIN) fail("write");
            if (written > 0) sent += (size_t)written;
        }
        if (ready[0].revents) got += receive(s);
    }
    double took = now() - began;
    cpu = cpu_time(s.pid) - cpu;
    long kib = resident(s.pid);
    end(s);
    printf("{\"requests_per_second\":%.0f,\"cpu_us\":%.4f,\"resident_kib\":%ld}\n", (double)count / took,
           1e6 * cpu / (double)count, kib);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const double *sorted, size_t count, double share) {
    return sorted[(size_t)(share * (double)(count - 1))];
}

static void measure_ping(void) {
    struct server s = start_and_prepare();
    size_t count = message_count - first_count, warm = count / 10;
    double *took = calloc(count, sizeof *took);
    if (!took) fail("no memory");
    for (size_t i = 0; i < count; i++) {
        double began = now();
        ask(s, first_count + i);
        took[i] = now() - began;
    }
    end(s);
    qsort(took + warm, count - warm, sizeof *took, ascending);
    printf("{\"p50_us\":%.2f,\"p99_us\":%.2f}\n", 1e6 * percentile(took + warm, count - warm, 0.5),
           1e6 * percentile(took + warm, count - warm, 0.99));
}

static void measure_start(size_t times) {
    double *took = calloc(times, sizeof *took);
    if (!took || !times) fail("no memory");
    long kib = 0;
    for (size_t i = 0; i < times; i++) {
        double began = now();
        struct server s = start();
        if (greeting) await(s, 1);
        ask(s, 0);
        took[i] = now() - began;
        kib = resident(s.pid);
        end(s);
    }
    qsort(took, times, sizeof *took, ascending);
    printf("{\"p50_ms\":%.3f,\"min_ms\":%.3f,\"resident_kib\":%ld}\n", 1e3 * percentile(took, times, 0.5),
           1e3 * took[0], kib);
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    int at = 2;
    size_t times = strcmp(mode, "start") || at >= argc ? 0 : strtoul(argv[at++], NULL, 10);
    const char *path = at < argc ? argv[at++] : "";
    for (; at < argc && strcmp(argv[at], "--"); at++) {
        if (!strcmp(argv[at], "--content-length")) content_length = true;
        else if (!strcmp(argv[at], "--greeting")) greeting = true;
        else if (!strcmp(argv[at], "--first") && at + 1 < argc) first_count = strtoul(argv[++at], NULL, 10);
        else fail("unknown option");
    }
    if (at + 1 >= argc) fail("usage: driver pipe|ping|start [COUNT] FILE [OPTIONS] -- SERVER...");
    server_command = argv + at + 1;
    signal(SIGPIPE, SIG_IGN);
    read_messages(path);
    if (!strcmp(mode, "pipe")) measure_pipe();
    else if (!strcmp(mode, "ping")) measure_ping();
    else if (!strcmp(mode, "start")) measure_start(times);
    else fail("pipe, ping or start");
}
