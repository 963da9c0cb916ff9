// Memory for parsed messages, which live for one request and go together.
//
// A message takes some forty small pieces of memory; the allocator's work for them is a fifth of
// what a request costs. Here they come from a block of the thread's own, one behind the other, and
// go by setting the block's fill back. What does not fit comes from malloc.
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Memory for a piece of the thread's documents, or NULL.
void *arena_allocate(size_t size);

/// Gives a piece back that arena_allocate gave to this thread.
void arena_free(void *piece);

/// Begins a document of the thread's.
void arena_enter(void);

/// Whether all pieces of the thread's documents are in its block, so that none need be given back.
bool arena_is_whole(void);

/// Ends a document of the thread's; with the last one the block is empty.
void arena_leave(void);
