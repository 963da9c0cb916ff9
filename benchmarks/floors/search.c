// Breadth-first search of what a small machine can come to, as C does it: states packed into words, one
// open table of those that were seen, no parents.
//
// The size is compiled in, so that loops unroll: cc -DGFNS=7 -DFRAMES=3 -DPAGES=2.
//
// A GFN maps nothing, a frame or a page; the array remembers a GFN for each frame, or none. Mapping a frame
// clears what the array names, whatever is there by then; mapping a page or nothing leaves the array alone.
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

typedef uint64_t state;

// Four bits each: what is at GFN g, then where frame f is believed to be.
enum { BITS = 4, MASK = (1 << BITS) - 1, OPERATIONS = GFNS * (FRAMES + PAGES + 1) };
_Static_assert(BITS * (GFNS + FRAMES) < 64 && FRAMES + PAGES < MASK && GFNS < MASK, "too large");

static unsigned get(state s, unsigned field) { return (unsigned)(s >> (BITS * field)) & MASK; }

static state with(state s, unsigned field, unsigned value) {
    return (s & ~((state)MASK << (BITS * field))) | (state)value << (BITS * field);
}

// --- What was seen: state + 1 in a slot, so that zero is an empty one.

static state *slots;
static size_t slot_count, seen_count;

static void *reserve(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

static size_t slot_of(state s) { return (size_t)(s * 0x9E3779B97F4A7C15u >> 20) & (slot_count - 1); }

static bool insert(state s) {
    size_t slot = slot_of(s);
    for (; slots[slot]; slot = (slot + 1) & (slot_count - 1))
        if (slots[slot] == s + 1) return false;
    slots[slot] = s + 1;
    seen_count++;
    return true;
}

static void grow(void) {
    state *old = slots;
    size_t count = slot_count;
    slot_count = count ? 2 * count : (size_t)1 << 20;
    slots = reserve(slot_count * sizeof *slots);
    seen_count = 0;
    for (size_t i = 0; i < count; i++)
        if (old[i]) insert(old[i] - 1);
    if (old) munmap(old, count * sizeof *old);
}

// --- The machine

static void find_successors(state s, state *next) {
    for (unsigned f = 0; f < FRAMES; f++) {
        unsigned believed = get(s, GFNS + f);
        state cleared = believed ? with(s, believed - 1, 0) : s;
        for (unsigned g = 0; g < GFNS; g++) *next++ = with(with(cleared, GFNS + f, g + 1), g, f + 1);
    }
    for (unsigned g = 0; g < GFNS; g++)
        for (unsigned p = 0; p < PAGES; p++) *next++ = with(s, g, FRAMES + p + 1);
    for (unsigned g = 0; g < GFNS; g++) *next++ = with(s, g, 0);
}

int main(void) {
    grow();
    state *queue = reserve((size_t)1 << 33);
    size_t head = 0, tail = 0, level = 1, transitions = 0;
    unsigned depth = 0;
    insert(queue[tail++] = 0);
    while (head < tail) {
        if (head == level) depth++, level = tail;
        state next[OPERATIONS];
        find_successors(queue[head++], next);
        transitions += OPERATIONS;
        if (2 * (seen_count + OPERATIONS) > slot_count) grow();
        for (unsigned i = 0; i < OPERATIONS; i++) __builtin_prefetch(&slots[slot_of(next[i])], 1);
        for (unsigned i = 0; i < OPERATIONS; i++)
            if (insert(next[i])) queue[tail++] = next[i];
    }
    printf("{\"states\":%zu,\"transitions\":%zu,\"depth\":%u,\"bytes_per_state\":%.1f}\n", seen_count, transitions,
           depth, (double)((slot_count + tail) * sizeof(state)) / (double)seen_count);
}
