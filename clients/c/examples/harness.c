/*
 * harness.c: how a hypervisor project checks its guest's memory manager against the model.
 *
 *     harness BOOT-SESSION [PRESET]
 *
 * Plays a canned session, lets the code under test make its hypercalls on the model, and says what
 * it expects of the effects. Prints TAP; exits with 0 where all is as expected, 1 where something
 * is not, 2 where it cannot be tried.
 */
#include <p2mlab.h>

#include <stdio.h>

static int tests, failures;

static void report(bool right, const char *what, const char *why)
{
    printf("%s %d - %s\n", right ? "ok" : "not ok", ++tests, what);
    if (right)
        return;
    failures++;
    printf("# %s\n", why);
}

/*
 * The code under test: a guest that hands out GFNs of one region, and maps foreign pages and grant
 * frames there. Its bug: it takes a GFN that was free once for one that Xen knows nothing of.
 */
struct guest {
    struct p2mlab *xen;
    uint64_t next_free;
};

static json_t *map_foreign_page(struct guest *guest, int domain, uint64_t gfn)
{
    return p2mlab_callf(guest->xen, "foreignPage.map", "{s:i, s:o, s:{s:i, s:o}}", "domain", 1,
                        "gfn", p2mlab_hex(guest->next_free++), "from", "domain", domain, "gfn",
                        p2mlab_hex(gfn));
}

static json_t *map_grant_frame(struct guest *guest, int frame)
{
    return p2mlab_callf(guest->xen, "grantFrame.map", "{s:i, s:i, s:o}", "domain", 1, "frame",
                        frame, "gfn", p2mlab_hex(guest->next_free++));
}

/* Reports whether an operation succeeded and violated no property. */
static void report_harmless(struct p2mlab *lab, json_t *result, const char *what)
{
    json_t *violation = json_array_get(json_object_get(result, "violations"), 0);

    if (result && !violation)
        report(true, what, NULL);
    else if (violation)
        report(false, what, json_string_value(json_object_get(violation, "message")));
    else
        report(false, what, p2mlab_last_error(lab)->message);
}

static void check_guest(struct p2mlab *lab)
{
    const struct p2mlab_error *error = p2mlab_last_error(lab);
    struct guest guest = {lab, 0x38000};
    json_t *result, *entry;

    result = map_foreign_page(&guest, 2, 0x40004);
    report(p2mlab_expect(lab, result, "effects", "{s:s, s:s, s:{s:{s:s}}}", "gfn", "0x38000",
                         "cause", "requested", "after", "page", "kind", "foreign"),
           "a foreign page is mapped at the first free GFN", error->message);
    json_decref(result);

    result = map_grant_frame(&guest, 0);
    report_harmless(lab, result, "mapping a grant frame breaks nothing");
    json_decref(result);

    result = p2mlab_callf(lab, "physmap.query", "{s:i, s:s, s:i}", "domain", 1, "gfn", "0x38000",
                          "count", 16);
    entry = p2mlab_expect(lab, result, "entries", "{s:{s:s}}", "page", "kind", "foreign");
    report(entry, "the foreign page is still there", error->message);
    json_decref(result);
}

int main(int argc, char **argv)
{
    const char *arguments[] = {"--preset", argc > 2 ? argv[2] : "xen-4.17", NULL};
    struct p2mlab_options options = {.arguments = arguments};
    struct p2mlab_error error;
    struct p2mlab *lab;

    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s BOOT-SESSION [PRESET]\n", argv[0]);
        return 2;
    }
    lab = p2mlab_start(&options, &error);
    if (!lab) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    report(p2mlab_play(lab, argv[1]) == 0, "the toolstack builds the guest",
           p2mlab_last_error(lab)->message);
    if (!failures)
        check_guest(lab);
    printf("1..%d\n", tests);
    fputs(p2mlab_last_error(lab)->stderr_tail, stderr);
    return p2mlab_close(lab) ? 2 : failures > 0;
}
