"""The stand-alone verifier: one file that imports nothing of this program."""
