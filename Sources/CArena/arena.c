#include "CArena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 1 << 16, ALIGNMENT = alignof(max_align_t) };

static _Thread_local struct {
    alignas(ALIGNMENT) unsigned char block[BLOCK_SIZE];
    size_t used;
    size_t documents;
    bool has_spilled;  // some piece came from malloc
} arena;

void *arena_allocate(size_t size) {
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded < size || rounded > BLOCK_SIZE - arena.used) {
        arena.has_spilled = true;
        return malloc(size);
    }
    void *piece = arena.block + arena.used;
    arena.used += rounded;
    return piece;
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
