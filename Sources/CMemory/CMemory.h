// What Swift has no word for: starting to load memory that will be written soon.
static inline void prefetch_for_write(const void *address) { __builtin_prefetch(address, 1); }
