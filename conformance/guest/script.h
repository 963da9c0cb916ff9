/* What the runner appends to the image: who this guest is, and what it shall do. See image.py. */
#pragma once
#include "abi.h"

#define SCRIPT_MAGIC 0x6d3270736372697aUL
#define WINDOW_LIMIT 24

enum operation_code {
  GROW = 1,
  MAP_GRANT,
  MAP_FOREIGN,
  UNMAP,
  MAP_SHARED_INFO,
  POPULATE,
  DECREASE,
  QUERY_SIZE,
  PROBE,
  TAG_RAM,
  ADD_TO_PHYSMAP,
  BATCH,
  REMOVE_FROM_OTHER,
  RESERVE_IN_OTHER,
  QUERY_MEMORY,
  PROBE_ONE,
};

/* One operation; members that it does not need are 0. */
struct operation {
  u16 code;
  u16 domid;
  u32 number; /* a mapping space, or a command of the hypercall */
  u64 index;  /* a grant frame, a foreign GFN, an index into a space, a number of frames */
  u64 gfn;
};

struct script {
  u64 magic;
  u16 self;
  u16 direct_mapped;
  u16 acts;             /* 0: tag the pages, then idle */
  u16 gives_privilege;  /* domain 0 only: domain 1 shall be allowed what it does to domain 0 */
  u64 tag_first;        /* the pages of RAM that get a tag */
  u64 tag_count;
  u64 awaited_gfn;      /* the other domain's last page to be tagged; 0: wait for nobody */
  u16 awaited_domain;
  u16 window_count;
  u32 operation_count;
  u64 spare_gfn;        /* an empty GFN to look at the awaited page */
  u64 window[WINDOW_LIMIT];
  struct operation operations[];
};

/* The runner packs the same bytes. */
_Static_assert(sizeof(struct operation) == 24, "an operation has no gaps");
_Static_assert(sizeof(struct script) == 56 + 8 * WINDOW_LIMIT, "a script has no gaps");
