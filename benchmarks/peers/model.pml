/* The machine of floors/search.c for Spin: spin -DG=6 -DF=3 -DP=2 -a model.pml. At each GFN nothing, a frame
 * (1 to F) or a page (F + 1 to F + P); in the array nothing or a GFN, counted from 1.
 *
 * Every operation is one step. The choice of its arguments is not: select() would make states of it, so each
 * combination is a branch of its own, which the macros write out. */
#define NONE 0

byte at[G];
byte believed[F];

inline map_frame(f, g) {
  d_step {
    if
    :: believed[f] != NONE -> at[believed[f] - 1] = NONE
    :: else
    fi;
    believed[f] = g + 1;
    at[g] = f + 1
  }
}
/* Reading at[] keeps Spin from dropping it from the state as a variable that nobody asks for. */
inline map_page(p, g) { d_step { assert(at[g] <= F + P); at[g] = F + 1 + p } }
inline unmap(g) { d_step { at[g] = NONE } }

#define FRAMES_AT(g) :: map_frame(0, g) :: map_frame(1, g) :: map_frame(2, g)
#define PAGES_AT(g) :: map_page(0, g) :: map_page(1, g)
#define GFN(g) FRAMES_AT(g) PAGES_AT(g) :: unmap(g)

#if F != 3 || P != 2 || G < 4 || G > 8
#error "written out for 3 frames, 2 pages, and 4 to 8 GFNs"
#endif

active proctype machine() {
  do
  GFN(0) GFN(1) GFN(2) GFN(3)
#if G > 4
  GFN(4)
#endif
#if G > 5
  GFN(5)
#endif
#if G > 6
  GFN(6)
#endif
#if G > 7
  GFN(7)
#endif
  od
}
