"""Proof of the log: what a night signs, and what a later look at rows and nights finds wrong."""
