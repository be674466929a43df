"""Append-only also for whoever knows the trigger library.

Its triggers ask a session setting whether to stand aside, and any session may set it. These stand beside them, ask
nothing, and fall only with the owner of the tables, whom no running process signs in as. And nobody puts himself on
the list of a sealed case: only the system writes there.
"""

from django.db import migrations

_TABLES = (
    "store_caseevent",
    "store_eventbody",
    "store_sealedevent",
    "store_sealedbody",
    "store_policyversion",
    "store_calendarversion",
)

_FUNCTION = """
CREATE FUNCTION kesu_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % keeps every row as it was written', TG_TABLE_NAME;
END;
$$;
"""
_WALL = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kesu_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kesu_append_only();
"""
_NO_WALL = "DROP TRIGGER append_only_rows ON {table}; DROP TRIGGER append_only_table ON {table};"

_LIST = """
CREATE POLICY writer ON store_sealedallow AS RESTRICTIVE FOR INSERT
    WITH CHECK (current_setting('kesu.reader', true) = 'system');
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0003_number_once_in_its_series")]

    operations = [
        migrations.RunSQL(
            _FUNCTION + "".join(_WALL.format(table=table) for table in _TABLES),
            "".join(_NO_WALL.format(table=table) for table in _TABLES) + "DROP FUNCTION kesu_append_only();",
        ),
        migrations.RunSQL(_LIST, "DROP POLICY writer ON store_sealedallow;"),
    ]
