#include "CArena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 1 << 16, ALIGNMENT = alignof(max_align_t) };

// The model is that of programs: a library's would be a call at each piece.
static _Thread_local __attribute__((tls_model("initial-exec"))) struct {
    alignas(ALIGNMENT) unsigned char block[BLOCK_SIZE];
    size_t used;
    size_t documents;
    bool has_spilled;  // some piece came from malloc
} arena;

// Out of line, so that what fits in the block saves no registers for it.
static __attribute__((noinline)) void *spill(size_t size) {
    arena.has_spilled = true;
    return malloc(size);
}

void *arena_allocate(size_t size) {
    size_t start = arena.used, end = start + size;
    if (size > BLOCK_SIZE || end > BLOCK_SIZE) return spill(size);
    // The block's size is a multiple of the alignment: the end of a piece that fits lies within.
    arena.used = (end + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    return arena.block + start;
}

void arena_free(void *piece) {
    uintptr_t offset = (uintptr_t)piece - (uintptr_t)arena.block;
    if (offset >= BLOCK_SIZE) free(piece);
}

void arena_enter(void) { arena.documents++; }

bool arena_is_whole(void) { return !arena.has_spilled; }

void arena_leave(void) {
    if (--arena.documents) return;
    arena.used = 0;
    arena.has_spilled = false;
}
