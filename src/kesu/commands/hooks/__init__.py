"""Programs outside that are told what happens."""
