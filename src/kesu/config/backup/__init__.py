"""Backups: taken while the program runs, whole or not at all, and proved by restoring them.

A backup is a folder: `manifest.json` in clear, `database.sealed` and `contents.sealed` encrypted with a key that only
the installation's key ring opens, and `files/` as the file store keeps them (each already encrypted). The key ring is
never inside.
"""
