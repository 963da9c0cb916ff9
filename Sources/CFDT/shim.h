// The module map cannot name a header by the compiler's search path; this can.
#include <libfdt.h>
