/*
 * server.c: see server.h.
 *
 * The server's stdin is a socket, since MSG_NOSIGNAL spares the caller SIGPIPE there, whatever else
 * the program does with signals. stdout and stderr are pipes, which wrapper scripts may open again
 * as /dev/stdout and /dev/stderr.
 */
#define _GNU_SOURCE /* pipe2 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long to wait between two looks at a child that should end, in milliseconds. */
#define LOOK_INTERVAL 5
/* How often to read what a server that has ended left in stderr; its children may still write. */
#define LAST_READS 1024

extern char **environ;

void p2mlab_fill_error(struct p2mlab_error *error, enum p2mlab_failure failure, int code,
                       const char *message, ...)
{
    va_list arguments;

    memset(error, 0, sizeof *error);
    error->failure = failure;
    error->code = code;
    error->status = -1;
    va_start(arguments, message);
    vsnprintf(error->message, sizeof error->message, message, arguments);
    va_end(arguments);
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t p2mlab_deadline(int milliseconds)
{
    return milliseconds < 0 ? -1 : now() + milliseconds;
}

int p2mlab_remaining(int64_t deadline)
{
    int64_t left;

    if (deadline < 0)
        return -1;
    left = deadline - now();
    return left < 0 ? 0 : (int)left;
}

bool p2mlab_is_past(int64_t deadline)
{
    return p2mlab_remaining(deadline) == 0;
}

void p2mlab_close_end(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/*
 * Both ends of a channel, close-on-exec, above the standard descriptors: where the caller has
 * closed stdout, what is printed all the same shall not go to the server.
 */
static int open_channel(int ends[2], bool is_socket)
{
    int k, moved;

    ends[0] = ends[1] = -1;
    if (is_socket ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)
                  : pipe2(ends, O_CLOEXEC))
        return -1;
    for (k = 0; k < 2; k++) {
        if (ends[k] > STDERR_FILENO)
            continue;
        moved = fcntl(ends[k], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (moved < 0)
            return -1;
        close(ends[k]);
        ends[k] = moved;
    }
    return 0;
}

/* Spawns the server in a process group of its own, with no signal blocked and SIGPIPE as usual. */
static int spawn(pid_t *pid, const char *program, char *const argv[], const int standard[3])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    int k, failure;

    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    failure = posix_spawn_file_actions_init(&actions);
    if (failure)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure) {
        posix_spawn_file_actions_destroy(&actions);
        return failure;
    }
    for (k = 0; k < 3 && !failure; k++)
        failure = posix_spawn_file_actions_adddup2(&actions, standard[k], k);
    if (!failure) {
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                  POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &defaults);
        failure = posix_spawnp(pid, program, &actions, &attributes, argv, environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* `program serve arguments`, as spawn takes it; to be freed. */
static char **command(const char *program, const char *const *arguments)
{
    size_t count = 0, k;
    const char **argv;

    while (arguments && arguments[count])
        count++;
    argv = calloc(count + 3, sizeof *argv);
    if (!argv)
        return NULL;
    argv[0] = program;
    argv[1] = "serve";
    for (k = 0; k < count; k++)
        argv[k + 2] = arguments[k];
    return (char **)argv;
}

/* Starts the server on three channels: stdin's end for reading is the first, the others' the
 * second. */
static int start_on(struct p2mlab_server *server, const char *program, const char *const *arguments,
                    int channels[3][2])
{
    const int standard[3] = {channels[0][0], channels[1][1], channels[2][1]};
    const int ours[3] = {channels[0][1], channels[1][0], channels[2][0]};
    char **argv = command(program, arguments);
    int failure, k;

    if (!argv)
        return ENOMEM;
    for (k = 0; k < 3; k++)
        if (fcntl(ours[k], F_SETFL, fcntl(ours[k], F_GETFL) | O_NONBLOCK) < 0)
            break;
    failure = k < 3 ? errno : spawn(&server->pid, program, argv, standard);
    free(argv);
    if (failure)
        return failure;
    for (k = 0; k < 3; k++)
        close(standard[k]);
    server->input = ours[0];
    server->output = ours[1];
    server->errors = ours[2];
    return 0;
}

int p2mlab_server_start(struct p2mlab_server *server, const char *program,
                        const char *const *arguments, struct p2mlab_error *error)
{
    int channels[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    int failure = 0, k;

    server->input = server->output = server->errors = -1;
    server->status = -1;
    for (k = 0; k < 3 && !failure; k++)
        if (open_channel(channels[k], k == 0))
            failure = errno;
    if (failure) {
        p2mlab_fill_error(error, P2MLAB_SYSTEM, failure, "cannot make a channel to the server: %s",
                          strerror(failure));
    } else {
        failure = start_on(server, program, arguments, channels);
        if (!failure)
            return 0;
        p2mlab_fill_error(error, P2MLAB_SYSTEM, failure,
                          "cannot start '%s': %s; the server is the program in the options or in "
                          "P2MLAB_SERVER, or 'p2mlab' on PATH",
                          program, strerror(failure));
    }
    for (k = 0; k < 3; k++) {
        p2mlab_close_end(&channels[k][0]);
        p2mlab_close_end(&channels[k][1]);
    }
    return -1;
}

/* Keeps the last of what the server writes to stderr; whether there was something. */
bool p2mlab_server_read_errors(struct p2mlab_server *server)
{
    const size_t room = sizeof server->tail - 1;
    char block[sizeof server->tail - 1];
    ssize_t got;
    size_t size, kept;

    do
        got = read(server->errors, block, room);
    while (got < 0 && errno == EINTR);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
        p2mlab_close_end(&server->errors);
    if (got <= 0)
        return false;
    size = (size_t)got;
    kept = server->tail_length < room - size ? server->tail_length : room - size;
    memmove(server->tail, server->tail + server->tail_length - kept, kept);
    memcpy(server->tail + kept, block, size);
    server->tail_length = kept + size;
    server->tail[server->tail_length] = '\0';
    return true;
}

/* Waits for the server to end until `deadline`, and leaves it to be waited for; whether it has. */
static bool has_ended(struct p2mlab_server *server, int64_t deadline)
{
    struct pollfd errors;
    siginfo_t info;
    int left;

    for (;;) {
        info.si_pid = 0;
        if (waitid(P_PID, (id_t)server->pid, &info, WEXITED | WNOHANG | WNOWAIT) && errno != EINTR)
            return true;
        if (info.si_pid)
            return true;
        left = p2mlab_remaining(deadline);
        if (left == 0)
            return false;
        errors = (struct pollfd){.fd = server->errors, .events = POLLIN};
        if (poll(&errors, 1, left < 0 || left > LOOK_INTERVAL ? LOOK_INTERVAL : left) > 0)
            p2mlab_server_read_errors(server);
    }
}

/*
 * Kills what is left of the server's process group, and takes its status. The group's name is the
 * server's, and nobody else's before it has been waited for.
 */
static void take_status(struct p2mlab_server *server)
{
    siginfo_t info;
    int status;
    pid_t ended;

    if (waitid(P_PID, (id_t)server->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
        kill(-server->pid, SIGKILL);
    do
        ended = waitpid(server->pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended > 0 && WIFSIGNALED(status))
        server->signal = WTERMSIG(status);
    if (ended > 0)
        server->status = server->signal ? 128 + server->signal : WEXITSTATUS(status);
    server->pid = 0;
}

void p2mlab_server_stop(struct p2mlab_server *server, int64_t deadline)
{
    int k;

    p2mlab_close_end(&server->input);
    p2mlab_close_end(&server->output);
    if (server->pid > 0) {
        server->killed = !has_ended(server, deadline);
        take_status(server);
    }
    for (k = 0; k < LAST_READS && server->errors >= 0 && p2mlab_server_read_errors(server); k++)
        continue;
    p2mlab_close_end(&server->errors);
}
