// Lines from standard input and to standard output, the way that every program here reads and writes:
// lines stay where they were read, and what was written leaves just before the program would wait.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lines {
    char *in;
    size_t in_begin, in_end, in_size;
    char *out;
    size_t out_count, out_size;
};

static inline void *grown(void *memory, size_t size) {
    memory = realloc(memory, size);
    if (!memory) {
        fputs("no memory\n", stderr);
        exit(1);
    }
    return memory;
}

static inline struct lines lines_open(void) {
    struct lines l = {.in_size = 1 << 16, .out_size = 1 << 16};
    l.in = grown(NULL, l.in_size);
    l.out = grown(NULL, l.out_size);
    return l;
}

static inline void lines_flush(struct lines *l) {
    for (size_t done = 0; done < l->out_count;) {
        ssize_t count = write(STDOUT_FILENO, l->out + done, l->out_count - done);
        if (count < 0) exit(1);
        done += (size_t)count;
    }
    l->out_count = 0;
}

// Where `size` more bytes may be written.
static inline char *lines_room(struct lines *l, size_t size) {
    if (l->out_count + size > l->out_size) l->out = grown(l->out, l->out_size = 2 * (l->out_size + size));
    return l->out + l->out_count;
}

// The next line, without its end; NULL at the end of input.
static inline char *lines_next(struct lines *l, size_t *length) {
    size_t searched = 0;
    for (;;) {
        char *begin = l->in + l->in_begin;
        size_t unread = l->in_end - l->in_begin;
        char *end = memchr(begin + searched, '\n', unread - searched);
        if (end) {
            *length = (size_t)(end - begin);
            l->in_begin += *length + 1;
            return begin;
        }
        searched = unread;
        lines_flush(l);
        memmove(l->in, begin, unread);
        l->in_begin = 0;
        l->in_end = unread;
        if (unread == l->in_size) l->in = grown(l->in, l->in_size *= 2);
        ssize_t count = read(STDIN_FILENO, l->in + unread, l->in_size - unread);
        if (count <= 0) return NULL;
        l->in_end += (size_t)count;
    }
}
