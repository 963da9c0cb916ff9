/* What this guest uses of Xen's public interface on arm64: numbers and layouts, under our names. */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef signed short s16;
typedef signed int s32;
typedef signed long s64;

enum hypercall_number {
  HYPERCALL_MEMORY = 12,
  HYPERCALL_CONSOLE = 18,
  HYPERCALL_GRANT_TABLE = 20,
  HYPERCALL_SCHEDULER = 29,
  HYPERCALL_DOMAIN_CONTROL = 36,
};

enum memory_command {
  MEMORY_DECREASE_RESERVATION = 1,
  MEMORY_POPULATE_PHYSMAP = 6,
  MEMORY_ADD_TO_PHYSMAP = 7,
  MEMORY_REMOVE_FROM_PHYSMAP = 15,
  MEMORY_ADD_TO_PHYSMAP_BATCH = 23,
};

enum mapping_space {
  SPACE_SHARED_INFO = 0,
  SPACE_GRANT_TABLE = 1,
  SPACE_FOREIGN = 4,
};

enum {
  CONSOLE_WRITE = 0,
  GRANT_TABLE_SETUP = 2,
  GRANT_TABLE_QUERY_SIZE = 6,
  SCHEDULER_YIELD = 0,
  DOMAIN_CONTROL_SET_TARGET = 46,
  DOMID_SELF = 0x7ff0,
  ERRNO_ACCESS = 13,
};

struct reservation {
  u64 *frames;
  u64 count;
  u32 order;
  u32 flags;
  u16 domid;
};

struct memory_domain {
  u16 domid;
};

struct physmap_addition {
  u16 domid;
  u16 size;
  u32 space;
  u64 index;
  u64 gfn;
};

struct physmap_batch {
  u16 domid;
  u16 space;
  u16 size;
  u16 foreign_domid;
  u64 *indexes;
  u64 *gfns;
  s32 *errors;
};

struct physmap_removal {
  u16 domid;
  u64 gfn;
};

struct grant_table_setup {
  u16 domid;
  u32 frames;
  s16 status;
  u64 *list;
};

struct grant_table_size {
  u16 domid;
  u32 frames;
  u32 maximum;
  s16 status;
};

struct domain_control {
  u32 command;
  u32 interface_version;
  u16 domid;
  u16 padding[3];
  union {
    u16 target;
    u8 room[128];
  };
};
