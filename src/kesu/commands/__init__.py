"""The only writers: one act a file, one transaction an act."""
