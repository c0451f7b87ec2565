"""Replicated registers: one value that clients write and read, kept by several servers."""
