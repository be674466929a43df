"""The embedded PostgreSQL: one cluster per data folder, made, started, watched and stopped by the program itself.

Only the *programs* of a PostgreSQL are used (of the wheel, of `KESU_PG_BIN`, of Debian); everything else is here.
"""
