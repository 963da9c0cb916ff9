#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// What Swift has no word for: starting to load memory that will be written soon.
static inline void prefetch_for_write(const void *address) { __builtin_prefetch(address, 1); }

// Words that one thread writes while others read, each in order.
static inline uint64_t load_word(const uint64_t *word) {
  return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
static inline void store_word(uint64_t *word, uint64_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

// Cores that this process may run on; 1 where that cannot be told.
static inline int usable_cores(void) {
  unsigned long mask[16];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long word = 0; word < bytes / (long)sizeof *mask; word++)
    count += __builtin_popcountl(mask[word]);
  return count > 0 ? count : 1;
}

// Waiting in a loop for another core, as the processor likes it.
static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
