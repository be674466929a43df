"""Row-level security on sealed tables, and the table of the shared cache.

The application's role is not the owner, so the policies bind it. `kesu.reader` is set for one transaction by
`store.sealed_reader`: an account's id, `system`, or `bearer:<digest of a receipt code>`. Unset, nothing is visible.
"""

from django.db import migrations

_WHO = "current_setting('kesu.reader', true)"
_ALLOWED = f"""
    {_WHO} = 'system'
    OR EXISTS (SELECT 1 FROM store_sealedallow a WHERE a.case_id = {{id}} AND a.account_id::text = {_WHO})
"""
_HEAD = _ALLOWED.format(id="store_sealedcase.id") + f" OR 'bearer:' || follow_digest = {_WHO}"


def _member(table: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM store_sealedcase c WHERE c.id = {table}.{column})"


_BODY = "EXISTS (SELECT 1 FROM store_sealedevent e WHERE e.id = store_sealedbody.event_id)"

_POLICIES = {
    "store_sealedallow": f"{_WHO} = 'system' OR account_id::text = {_WHO}",
    "store_sealedcase": _HEAD,
    "store_sealedevent": _member("store_sealedevent", "case_id"),
    "store_sealedbody": _BODY,
}


def _walls() -> str:
    lines = []
    for table, rule in _POLICIES.items():
        lines.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;")
        lines.append(f"CREATE POLICY reader ON {table} USING ({rule}) WITH CHECK ({rule});")
    return "\n".join(lines)


def _no_walls() -> str:
    return "\n".join(
        f"DROP POLICY reader ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;" for table in _POLICIES
    )


_CACHE = """
CREATE TABLE kesu_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX kesu_cache_expires ON kesu_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0001_first_tables")]

    operations = [
        migrations.RunSQL(_walls(), _no_walls()),
        migrations.RunSQL(_CACHE, "DROP TABLE kesu_cache"),
    ]
