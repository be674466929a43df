"""Keeps the database, the web server and the worker running, and ends what an earlier, killed run left behind."""
