/*
 * A guest that does to itself what its script says, by real hypercalls, and prints what came of it.
 *
 * A line an operation: "@NUMBER RC ERR STATUS NR MAX VALUE|PAGES|FRAMES|TRACKED", numbers in hex,
 * "-" for what there is none of. PAGES names what each GFN of the window reads as. Pages are known
 * by a tag in their last 8 bytes, which whoever holds the page wrote there.
 */
#include "script.h"

enum {
  PAGE_SHIFT = 12,
  TAG_OFFSET = 4096 - 8,
  LINE_LENGTH = 160, /* Xen breaks a guest's line at 200 characters */
  FRAME_LIMIT = 64,
  TRACKED_LIMIT = 6,
};

/* A tag is this, a kind and 36 bits of value. */
#define TAG_MAGIC 0x70326dUL
enum tag_kind { TAG_RAM_OF_0, TAG_RAM_OF_1, TAG_GRANT, TAG_POPULATED, TAG_SHARED_INFO };

struct probe {
  u64 value;
  u64 readable;
};

struct outcome {
  s64 rc;
  s32 error;
  s32 status;
  u64 frames, maximum;
  u8 has_rc, has_error, refused, has_status, has_size;
};

s64 hypercall(u64 number, u64 first, u64 second, u64 third);
struct probe probe_load(const u64 *address);
u64 probe_store(u64 *address, u64 value);
/* Hidden: reached from here, not through a table of addresses that nobody relocates. */
extern const struct script script __attribute__((visibility("hidden")));

static u64 populate_count;

/* The compiler calls it to clear a structure; there is no library to have it from. */
void *memset(void *first, int byte, u64 count) {
  for (volatile u8 *next = first; count-- > 0; next++) *next = byte;
  return first;
}

/* Printing. A line that grows too long is broken after a backslash. */

static char line[LINE_LENGTH + 2];
static u64 line_length;

static void flush(void) {
  line[line_length++] = '\n';
  hypercall(HYPERCALL_CONSOLE, CONSOLE_WRITE, line_length, (u64)line);
  line_length = 0;
}

static void put(char character) {
  if (line_length == LINE_LENGTH) {
    line[line_length++] = '\\';
    flush();
  }
  line[line_length++] = character;
}

static void put_text(const char *text) {
  while (*text) put(*text++);
}

static void put_hex(u64 value) {
  int shift = 60;
  while (shift > 0 && !(value >> shift)) shift -= 4;
  for (; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
}

static void put_number(s64 value) {
  if (value < 0) put('-'), value = -value;
  put_hex(value);
}

static void put_optional(int exists, s64 value) {
  put(' ');
  if (exists) put_number(value); else put('.');
}

void report_exception(u64 syndrome, u64 address, u64 fault_address) {
  put_text("@exception ");
  put_hex(syndrome), put(' '), put_hex(address), put(' '), put_hex(fault_address);
  flush();
}

/* Tags. */

static u64 *tag_address(u64 gfn) { return (u64 *)((gfn << PAGE_SHIFT) + TAG_OFFSET); }

static u64 tag(enum tag_kind kind, u64 value) {
  return TAG_MAGIC << 40 | (u64)kind << 36 | (value & 0xfffffffffUL);
}

static u64 ram_tag(u64 gfn) { return tag(script.self ? TAG_RAM_OF_1 : TAG_RAM_OF_0, gfn); }

/* Writes into the page at a GFN where the guest can address one. */
static void write_tag(u64 gfn, u64 value) {
  if (gfn >> 36 == 0) probe_store(tag_address(gfn), value);
}

static struct probe read_tag(u64 gfn) {
  return gfn >> 36 ? (struct probe){0, 0} : probe_load(tag_address(gfn));
}

static void put_page(u64 gfn) {
  struct probe probe = read_tag(gfn);
  if (!probe.readable) return put('.');
  u64 value = probe.value & 0xfffffffffUL, kind = probe.value >> 36 & 15;
  if (probe.value >> 40 != TAG_MAGIC || kind > TAG_SHARED_INFO) kind = ~0UL, value = probe.value;
  switch (kind) {
  case TAG_RAM_OF_0: put(script.self == 0 ? 'r' : 'f'); break;
  case TAG_RAM_OF_1: put(script.self == 1 ? 'r' : 'f'); break;
  case TAG_GRANT: put('g'); break;
  case TAG_POPULATED: put('p'); break;
  case TAG_SHARED_INFO: put('s'); return;
  default: put('x'); break;
  }
  put_hex(value);
}

/* Hypercalls. */

static s64 memory(enum memory_command command, void *argument) {
  return hypercall(HYPERCALL_MEMORY, command, (u64)argument, 0);
}

static s64 reserve(u32 command, u16 domid, u64 gfn) {
  struct reservation reservation = {.frames = &gfn, .count = 1, .domid = domid};
  return memory(command, &reservation);
}

static s64 add_to_physmap(u16 domid, u32 space, u64 index, u64 gfn) {
  struct physmap_addition addition = {
      .domid = domid, .space = space, .index = index, .gfn = gfn};
  return memory(MEMORY_ADD_TO_PHYSMAP, &addition);
}

static s64 remove_from_physmap(u16 domid, u64 gfn) {
  struct physmap_removal removal = {.domid = domid, .gfn = gfn};
  return memory(MEMORY_REMOVE_FROM_PHYSMAP, &removal);
}

static s64 add_batch(u32 space, u16 foreign_domid, u64 index, u64 gfn, s32 *error) {
  struct physmap_batch batch = {
      .domid = DOMID_SELF, .space = space, .size = 1, .foreign_domid = foreign_domid,
      .indexes = &index, .gfns = &gfn, .errors = error};
  return memory(MEMORY_ADD_TO_PHYSMAP_BATCH, &batch);
}

static s64 set_up_grant_table(u32 frames, u64 *list, s32 *status) {
  struct grant_table_setup setup = {.domid = DOMID_SELF, .frames = frames, .list = list};
  s64 rc = hypercall(HYPERCALL_GRANT_TABLE, GRANT_TABLE_SETUP, (u64)&setup, 1);
  *status = setup.status;
  return rc;
}

static struct grant_table_size grant_table_size(s64 *rc) {
  struct grant_table_size size = {.domid = DOMID_SELF};
  *rc = hypercall(HYPERCALL_GRANT_TABLE, GRANT_TABLE_QUERY_SIZE, (u64)&size, 1);
  return size;
}

/* Makes domain 1 the device model of domain 0, the one way to privilege that is open to a stock
   hypervisor. The interface's version differs from release to release. */
static s64 give_privilege(void) {
  s64 rc = -ERRNO_ACCESS;
  for (u32 version = 0x10; version < 0x40 && rc == -ERRNO_ACCESS; version++) {
    struct domain_control control = {
        .command = DOMAIN_CONTROL_SET_TARGET, .interface_version = version, .domid = 1};
    control.target = 0;
    rc = hypercall(HYPERCALL_DOMAIN_CONTROL, (u64)&control, 0, 0);
  }
  return rc;
}

/* Operations. */

/* The tag tells apart what Xen says is mapped from what is mapped. */
static void tag_if(s64 rc, u64 gfn, u64 value) {
  if (rc == 0) write_tag(gfn, value);
}

static s64 populate(u64 gfn) {
  s64 extents = reserve(MEMORY_POPULATE_PHYSMAP, DOMID_SELF, gfn);
  /* A direct-mapped domain gets back its own page, which keeps its tag. */
  if (extents == 1 && !script.direct_mapped) write_tag(gfn, tag(TAG_POPULATED, populate_count++));
  return extents;
}

static struct outcome perform(const struct operation *operation) {
  u64 index = operation->index, gfn = operation->gfn;
  u32 number = operation->number;
  struct outcome outcome = {.has_rc = 1};
  switch (operation->code) {
  case GROW: {
    u64 list[FRAME_LIMIT];
    /* The list would be too short for more; Xen refuses more than it has before it writes. */
    outcome.rc = set_up_grant_table(index, list, &outcome.status);
    outcome.has_status = 1;
    break;
  }
  case MAP_GRANT:
    outcome.rc = add_to_physmap(DOMID_SELF, SPACE_GRANT_TABLE, index, gfn);
    tag_if(outcome.rc, gfn, tag(TAG_GRANT, (u32)index));
    break;
  case MAP_SHARED_INFO:
    outcome.rc = add_to_physmap(DOMID_SELF, SPACE_SHARED_INFO, index, gfn);
    tag_if(outcome.rc, gfn, tag(TAG_SHARED_INFO, 0));
    break;
  case MAP_FOREIGN:
    outcome.rc = add_batch(SPACE_FOREIGN, operation->domid, index, gfn, &outcome.error);
    outcome.has_error = 1;
    break;
  case BATCH:
    outcome.rc = add_batch(number, 0, index, gfn, &outcome.error);
    outcome.has_error = 1;
    break;
  case ADD_TO_PHYSMAP:
    outcome.rc = add_to_physmap(operation->domid, number, index, gfn);
    break;
  case UNMAP: outcome.rc = remove_from_physmap(DOMID_SELF, gfn); break;
  case REMOVE_FROM_OTHER: outcome.rc = remove_from_physmap(operation->domid, gfn); break;
  case POPULATE: outcome.rc = populate(gfn); break;
  case DECREASE: outcome.rc = reserve(MEMORY_DECREASE_RESERVATION, DOMID_SELF, gfn); break;
  case RESERVE_IN_OTHER: outcome.rc = reserve(number, operation->domid, gfn); break;
  case QUERY_MEMORY: {
    struct memory_domain domain = {.domid = operation->domid};
    outcome.rc = memory(number, &domain);
    break;
  }
  case QUERY_SIZE: {
    struct grant_table_size size = grant_table_size(&outcome.rc);
    outcome.status = size.status, outcome.frames = size.frames, outcome.maximum = size.maximum;
    outcome.has_status = outcome.has_size = 1;
    break;
  }
  case TAG_RAM: write_tag(gfn, ram_tag(gfn)); break;
  default: outcome.has_rc = 0; break;
  }
  outcome.refused = outcome.has_error && outcome.rc < 0;
  return outcome;
}

static void put_outcome(const struct outcome *outcome) {
  put_optional(outcome->has_rc, outcome->rc);
  if (outcome->refused) put_text(" !"); else put_optional(outcome->has_error, outcome->error);
  put_optional(outcome->has_status, outcome->status);
  put_optional(outcome->has_size, outcome->frames);
  put_optional(outcome->has_size, outcome->maximum);
}

static void put_state(void) {
  put('|');
  for (u32 i = 0; i < script.window_count; i++) {
    if (i) put(' ');
    put_page(script.window[i]);
  }
  s64 rc;
  u64 list[FRAME_LIMIT];
  s32 status = -1;
  u32 frames = grant_table_size(&rc).frames;
  /* Asking for as many as there are grows nothing. */
  if (frames <= FRAME_LIMIT) rc = set_up_grant_table(frames, list, &status);
  put('|'), put_hex(frames), put('|');
  if (rc || status) return put('!');
  for (u32 k = 0; k < frames && k < TRACKED_LIMIT; k++) {
    if (k) put(' ');
    if (list[k] == ~0UL) put('.'); else put_hex(list[k]);
  }
}

static void put_step(s64 number, const struct outcome *outcome, const struct operation *probed) {
  put('@'), put_number(number);
  put_outcome(outcome);
  put(' ');
  if (probed) put_page(probed->gfn); else put('.');
  put_state();
  flush();
}

/* Tags from the last page to the first, which so tells that all are done. */
static void tag_pages(void) {
  for (u64 i = script.tag_count; i-- > 0;)
    write_tag(script.tag_first + i, ram_tag(script.tag_first + i));
}

/* Waits until the other domain has tagged its pages and lets us look at them. */
static void await_other(void) {
  u64 awaited = tag(script.awaited_domain ? TAG_RAM_OF_1 : TAG_RAM_OF_0, script.awaited_gfn);
  for (;;) {
    s32 error = 0;
    s64 rc = add_batch(
        SPACE_FOREIGN, script.awaited_domain, script.awaited_gfn, script.spare_gfn, &error);
    if (rc == 0 && error == 0) {
      struct probe probe = read_tag(script.spare_gfn);
      remove_from_physmap(DOMID_SELF, script.spare_gfn);
      if (probe.readable && probe.value == awaited) return;
    }
    hypercall(HYPERCALL_SCHEDULER, SCHEDULER_YIELD, 0, 0);
  }
}

void run(void) {
  if (script.magic != SCRIPT_MAGIC) return put_text("@no script"), flush();
  tag_pages();
  if (script.gives_privilege) {
    s64 rc = give_privilege();
    if (rc) put_text("@privilege "), put_number(rc), flush();
  }
  if (!script.acts) return;
  if (script.awaited_gfn) await_other();
  struct outcome nothing = {0};
  put_step(-1, &nothing, 0);
  for (u32 i = 0; i < script.operation_count; i++) {
    const struct operation *operation = &script.operations[i];
    struct outcome outcome = perform(operation);
    put_step(i, &outcome, operation->code == PROBE_ONE ? operation : 0);
  }
  put_text("@end"), flush();
}
