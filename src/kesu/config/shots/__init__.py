"""Photographs every named page of the demonstration by role and window, and measures what a look would miss."""
