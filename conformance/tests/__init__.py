"""Tests of the runner's own parts; none of them needs QEMU, a cross compiler or p2mlab."""
