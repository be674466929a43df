"""A pack told back in plain Chinese: what managers read and sign."""
