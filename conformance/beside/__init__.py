"""Runs the real Xen beside the model: one boot in QEMU is one history of hypercalls."""
