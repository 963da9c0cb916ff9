// What Swift has no word for: starting to load memory that will be written soon.
static inline void prefetch_for_write(const void *address) { __builtin_prefetch(address, 1); }

#include <sys/syscall.h>
#include <unistd.h>

// Cores that this process may run on; 1 where that cannot be told.
static inline int usable_cores(void) {
  unsigned long mask[16];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long word = 0; word < bytes / (long)sizeof *mask; word++)
    count += __builtin_popcountl(mask[word]);
  return count > 0 ? count : 1;
}
