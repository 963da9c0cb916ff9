// Hands back what it is sent: what talking over two pipes costs, whoever talks.
//
//   echo           lines, each once it is whole
//   echo --bytes   bytes as they come, for messages that have no line ends
#include "lines.h"

static void echo_bytes(void) {
    static char bytes[1 << 16];
    for (ssize_t count; (count = read(STDIN_FILENO, bytes, sizeof bytes)) > 0;)
        for (ssize_t done = 0, written; done < count; done += written)
            if ((written = write(STDOUT_FILENO, bytes + done, (size_t)(count - done))) < 0) exit(1);
}

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "--bytes")) return echo_bytes(), 0;
    struct lines l = lines_open();
    size_t length;
    for (char *line; (line = lines_next(&l, &length));) {
        char *room = lines_room(&l, length + 1);
        memcpy(room, line, length);
        room[length] = '\n';
        l.out_count += length + 1;
    }
    lines_flush(&l);
}
