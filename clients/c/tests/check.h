/* check.h: tests as a table of functions. A check that fails tells where, and ends its test. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

struct test {
    const char *name;
    void (*run)(void);
};

static jmp_buf failed;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                         \
            longjmp(failed, 1);                                                                    \
        }                                                                                          \
    } while (0)

/* Shows what text is instead. */
#define CHECK_TEXT(actual, expected)                                                               \
    do {                                                                                           \
        const char *is = (actual);                                                                 \
        if (!is || strcmp(is, (expected))) {                                                       \
            printf("%s:%d: %s is \"%s\"\n", __FILE__, __LINE__, #actual, is ? is : "NULL");        \
            longjmp(failed, 1);                                                                    \
        }                                                                                          \
    } while (0)

/* Runs all tests but those that the arguments name. Returns the exit status. */
static int run_tests(const struct test *tests, size_t count, int argc, char **argv)
{
    volatile size_t k, failures = 0, run = 0;
    int argument, wanted;

    for (k = 0; k < count; k++) {
        wanted = 1;
        for (argument = 1; argument < argc; argument++)
            wanted &= strcmp(argv[argument], tests[k].name) != 0;
        if (!wanted)
            continue;
        run++;
        if (setjmp(failed) == 0) {
            tests[k].run();
        } else {
            failures++;
            printf("failed: %s\n", tests[k].name);
        }
    }
    printf("%s: %zu tests, %zu failures\n", argv[0], (size_t)run, (size_t)failures);
    return failures || !run;
}

#endif
