"""Coded samples: the bench of whoever works blind."""
