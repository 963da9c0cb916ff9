// A page map as a 4-level radix tree, 512 entries a node, with copy-on-write
// snapshots: what map, lookup, unmap and snapshot cost in C.
//
// Nodes are 4 KiB and live in one mmap'd pool, named by 32-bit index, so that a
// child link is half a word and the pool never moves. Reference counts sit in
// an array beside the pool: a node stays exactly one page, and a lookup never
// touches them.
//
// usage: floor [PAGES [ROUNDS]]     (default 1048576 pages, 1 round)
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

typedef uint64_t entry;     // a link to a child node, or in a leaf the mapping; 0 is nothing
typedef uint32_t node_id;   // 0 is no node

enum { LEVELS = 4, FANOUT_BITS = 9, FANOUT = 1 << FANOUT_BITS, NODE_BYTES = FANOUT * sizeof(entry) };
enum { MAX_NODES = 1 << 21, FIRST_GFN = 0x40000, SPARSE_SPREAD = 16 };

static entry (*nodes)[FANOUT];
static uint32_t *refs;
static node_id next_fresh, free_list;
static uint64_t live_nodes;

static void *map_zeroed(size_t bytes) {
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return p;
}

static void pool_open(void) {
    nodes = map_zeroed((size_t)MAX_NODES * NODE_BYTES);
    refs = map_zeroed((size_t)MAX_NODES * sizeof *refs);
    next_fresh = 1;
    free_list = 0;
    live_nodes = 0;
}

static void pool_close(void) {
    munmap(nodes, (size_t)MAX_NODES * NODE_BYTES);
    munmap(refs, (size_t)MAX_NODES * sizeof *refs);
}

// Fresh nodes come zeroed from the kernel; only reused ones need clearing.
static inline node_id node_new(void) {
    node_id n;
    if (free_list) {
        n = free_list;
        free_list = (node_id)nodes[n][0];
        memset(nodes[n], 0, NODE_BYTES);
    } else {
        n = next_fresh++;
        if (n == MAX_NODES) {
            fputs("floor: node pool is full\n", stderr);
            exit(1);
        }
    }
    live_nodes++;
    refs[n] = 1;
    return n;
}

static void node_release(node_id n, int level) {
    if (--refs[n]) return;
    if (level < LEVELS - 1)
        for (int i = 0; i < FANOUT; i++)
            if (nodes[n][i]) node_release((node_id)nodes[n][i], level + 1);
    live_nodes--;
    nodes[n][0] = free_list;
    free_list = n;
}

// A private copy of a shared node. Kept out of line: it is rare, and inlining
// it would crowd the walk.
static node_id __attribute__((noinline)) node_copy(node_id shared, int level) {
    node_id copy = node_new();
    memcpy(nodes[copy], nodes[shared], NODE_BYTES);
    if (level < LEVELS - 1)
        for (int i = 0; i < FANOUT; i++)
            if (nodes[copy][i]) refs[(node_id)nodes[copy][i]]++;
    refs[shared]--;
    return copy;
}

static inline unsigned index_at(uint64_t gfn, int level) {
    return gfn >> (FANOUT_BITS * (LEVELS - 1 - level)) & (FANOUT - 1);
}

// The leaf entry of gfn for writing: makes missing nodes, copies shared ones.
static inline entry *leaf_for_write(node_id *root, uint64_t gfn) {
    if (refs[*root] > 1) *root = node_copy(*root, 0);
    node_id n = *root;
    for (int level = 0; level < LEVELS - 1; level++) {
        entry *link = &nodes[n][index_at(gfn, level)];
        node_id child = (node_id)*link;
        if (!child) *link = child = node_new();
        else if (__builtin_expect(refs[child] > 1, 0)) *link = child = node_copy(child, level + 1);
        n = child;
    }
    return &nodes[n][index_at(gfn, LEVELS - 1)];
}

static inline entry lookup(node_id root, uint64_t gfn) {
    node_id n = root;
    for (int level = 0; level < LEVELS - 1; level++) {
        n = (node_id)nodes[n][index_at(gfn, level)];
        if (!n) return 0;
    }
    return nodes[n][index_at(gfn, LEVELS - 1)];
}

// --- the measurement ---------------------------------------------------------

static entry mapping_of(uint64_t gfn) { return gfn << 12 | 3; }

static double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t next_random(void) {
    static uint64_t x = 88172645463325252u;
    x ^= x << 13;
    x ^= x >> 7;
    return x ^= x << 17;
}

static void shuffle(uint64_t *values, size_t count) {
    for (size_t i = count - 1; i > 0; i--) {
        size_t j = next_random() % (i + 1);
        uint64_t swapped = values[i];
        values[i] = values[j];
        values[j] = swapped;
    }
}

// Dense: consecutive, mapped in order. Sparse: one in every 16, mapped at random.
static void choose_gfns(uint64_t *gfns, size_t count, bool sparse) {
    for (size_t i = 0; i < count; i++)
        gfns[i] = FIRST_GFN + (sparse ? i * SPARSE_SPREAD + next_random() % SPARSE_SPREAD : i);
    if (sparse) shuffle(gfns, count);
}

static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "floor: wrong result: %s\n", what);
    exit(1);
}

static double time_map(node_id *root, const uint64_t *gfns, size_t count) {
    double start = now_ns();
    for (size_t i = 0; i < count; i++) *leaf_for_write(root, gfns[i]) = mapping_of(gfns[i]);
    return (now_ns() - start) / (double)count;
}

static double time_unmap(node_id *root, const uint64_t *gfns, size_t count) {
    double start = now_ns();
    for (size_t i = 0; i < count; i++) *leaf_for_write(root, gfns[i]) = 0;
    return (now_ns() - start) / (double)count;
}

static double time_lookup(node_id root, const uint64_t *gfns, size_t count) {
    uint64_t sum = 0, expected = 0;
    double start = now_ns();
    for (size_t i = 0; i < count; i++) sum += lookup(root, gfns[i]);
    double elapsed = now_ns() - start;
    for (size_t i = 0; i < count; i++) expected += mapping_of(gfns[i]);
    require(sum == expected, "lookup");
    return elapsed / (double)count;
}

static double time_snapshot(node_id root) {
    enum { TIMES = 1000 };
    double start = now_ns();
    for (int i = 0; i < TIMES; i++) {
        refs[root]++;  // this is all a snapshot is
        __asm__ volatile("" ::: "memory");
        refs[root]--;
    }
    return (now_ns() - start) / TIMES;
}

// The first write after a snapshot copies one node a level.
static double time_first_write(node_id *root, const uint64_t *gfns, size_t count) {
    enum { TIMES = 200 };
    double total = 0;
    for (size_t i = 0; i < TIMES; i++) {
        uint64_t gfn = gfns[i * 37 % count];
        node_id snapshot = *root;
        refs[snapshot]++;
        entry before = lookup(snapshot, gfn), written = (entry)i << 12 | 7;
        double start = now_ns();
        *leaf_for_write(root, gfn) = written;
        total += now_ns() - start;
        require(lookup(snapshot, gfn) == before && lookup(*root, gfn) == written, "snapshot");
        node_release(snapshot, 0);
    }
    return total / TIMES;
}

static void measure(uint64_t *gfns, uint64_t *shuffled, size_t count, bool sparse) {
    choose_gfns(gfns, count, sparse);
    memcpy(shuffled, gfns, count * sizeof *gfns);
    shuffle(shuffled, count);
    pool_open();
    node_id root = node_new();
    double map = time_map(&root, gfns, count);
    double random = time_lookup(root, shuffled, count);
    double in_order = time_lookup(root, gfns, count);
    double bytes = (double)live_nodes * NODE_BYTES / (double)count;
    double snapshot = time_snapshot(root);
    double first_write = time_first_write(&root, shuffled, count);
    double unmap = time_unmap(&root, shuffled, count);
    for (size_t i = 0; i < count; i++) require(!lookup(root, gfns[i]), "unmap");
    pool_close();
    printf("{\"layout\":\"%s\",\"pages\":%zu,\"map_ns\":%.1f,\"lookup_random_ns\":%.1f,\"lookup_mapped_order_ns\":%.1f,"
           "\"unmap_random_ns\":%.1f,\"bytes_per_page\":%.2f,\"snapshot_ns\":%.1f,\"first_write_after_snapshot_ns\":%.0f}\n",
           sparse ? "sparse" : "dense", count, map, random, in_order, unmap, bytes, snapshot, first_write);
}

int main(int argc, char **argv) {
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 0) : 1 << 20;
    int rounds = argc > 2 ? atoi(argv[2]) : 1;
    if (count < 1 || count > (size_t)1 << 24 || rounds < 1) {
        fputs("usage: floor [PAGES [ROUNDS]]   (at most 16777216 pages)\n", stderr);
        return 2;
    }
    uint64_t *gfns = malloc(count * sizeof *gfns), *shuffled = malloc(count * sizeof *shuffled);
    if (!gfns || !shuffled) return perror("malloc"), 1;
    for (int i = 0; i < rounds; i++)
        for (int sparse = 0; sparse < 2; sparse++) measure(gfns, shuffled, count, sparse);
}
