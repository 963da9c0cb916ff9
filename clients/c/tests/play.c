/* play.c: plays session files, each on a server of its own: `play FILE...`. */
#include "p2mlab.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct p2mlab_error error;
    struct p2mlab *lab;
    int k, failures = 0;

    for (k = 1; k < argc; k++) {
        lab = p2mlab_start(NULL, &error);
        if (!lab) {
            fprintf(stderr, "%s\n", error.message);
            return 2;
        }
        if (p2mlab_play(lab, argv[k])) {
            printf("%s\n", p2mlab_last_error(lab)->message);
            failures++;
        }
        failures += p2mlab_close(lab) != 0;
    }
    printf("%d sessions, %d failures\n", argc - 1, failures);
    return failures || argc < 2;
}
