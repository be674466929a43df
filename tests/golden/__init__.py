"""Golden logs: rows as releases have stored them, and the standings that follow from them for ever."""
