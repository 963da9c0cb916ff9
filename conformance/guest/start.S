/*
 * Where the guest begins: the arm64 Image header, the way into C, the exception vectors that let a
 * probe of an empty GFN fail without harm, and the hypercall.
 *
 * The guest runs at EL1 with its MMU off: an address that it uses is a GFN and an offset.
 */
#define HYPERCALL_TAG 0xea1

        .section .text.start, "ax"
        .global start
start:
        b       enter
        .long   0
        .quad   0x80000                 /* offset from the start of RAM */
        .quad   image_end - start
        .quad   0xa                     /* little-endian, 4 KiB pages, anywhere */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0

enter:
        adrp    x1, stack_top
        add     x1, x1, :lo12:stack_top
        mov     sp, x1
        adrp    x1, vectors
        add     x1, x1, :lo12:vectors
        msr     vbar_el1, x1
        isb
        bl      run
idle:   wfi
        b       idle

/* s64 hypercall(u64 number, u64 first, u64 second, u64 third) */
        .global hypercall
hypercall:
        mov     x16, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        hvc     #HYPERCALL_TAG
        ret

/*
 * struct probe { u64 value; u64 readable; } probe_load(const u64 *)
 * u64 probe_store(u64 *, u64): 1 when it was written
 *
 * Whoever faults at one of the two instructions goes on at the next with x1 = 0.
 */
        .global probe_load, probe_store
probe_load:
        mov     x1, #1
load:   ldr     x0, [x0]
        ret
probe_store:
        mov     x2, x1
        mov     x1, #1
store:  str     x2, [x0]
        mov     x0, x1
        ret

/* The sixteen vectors are alike: only synchronous exceptions of a probe are survived. */
        .balign 2048
vectors:
        .rept   16
        .balign 128
        b       exception
        .endr

/* A probe is a function call to C, so x9 and x10 are free here. */
exception:
        mrs     x9, elr_el1
        adr     x10, load
        cmp     x9, x10
        b.eq    survive
        adr     x10, store
        cmp     x9, x10
        b.eq    survive
        mrs     x0, esr_el1
        mrs     x1, elr_el1
        mrs     x2, far_el1
        bl      report_exception
        b       idle
survive:
        mov     x1, #0
        add     x9, x9, #4
        msr     elr_el1, x9
        eret

        .section .bss
        .balign 16
        .skip   16384
stack_top:
