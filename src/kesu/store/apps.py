from datetime import UTC

from django.apps import AppConfig
from django.db.backends.postgresql.psycopg_any import get_adapters_template
from psycopg import adapters
from psycopg.abc import AdaptContext
from psycopg.postgres import types
from psycopg.pq import Format


class StoreConfig(AppConfig):
    name = "kesu.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        get_adapters_template(True, UTC).register_loader("timestamptz", Instant)


class Instant:
    """Reads instants by the driver's compiled code. The framework's own reader does it in Python, only to put a zone in
    place of the session's, which is UTC already."""

    format = Format.TEXT
    timezone = UTC  # asked for by the framework before it would put its own reader in place

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        driver = adapters.get_loader(types["timestamptz"].oid, Format.TEXT)
        assert driver is not None
        self.load = driver(oid, context).load
