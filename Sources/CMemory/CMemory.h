// What Swift has no word for, or glibc hides from it.

// As in <sys/mman.h> with _GNU_SOURCE, which must not be defined for half of a program.
void *mremap(void *old, __SIZE_TYPE__ old_size, __SIZE_TYPE__ new_size, int flags, ...);

// Starts to load memory that will be written soon.
static inline void prefetch_for_write(const void *address) { __builtin_prefetch(address, 1); }

// Makes a mapping larger or smaller, and moves it where it must; MAP_FAILED where it cannot.
static inline void *resize_mapping(void *mapping, long size, long new_size) {
    const int may_move = 1;
    return mremap(mapping, (__SIZE_TYPE__)size, (__SIZE_TYPE__)new_size, may_move);
}
