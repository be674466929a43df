"""The work of the night: what is done once between two days, exactly once, however many workers there are."""
