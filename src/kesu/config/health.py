"""`GET /healthz`: whether this process can serve, and if not, why."""

from __future__ import annotations

import psycopg
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_seen_migrated = False


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers and has every migration; 503 with one line otherwise."""
    reason = _reason()
    return HttpResponse((reason or "ok") + "\n", content_type="text/plain", status=503 if reason else 200)


def _reason() -> str:
    global _seen_migrated  # noqa: PLW0603  tables are never taken back while the program runs: asking once is enough
    try:
        _knock()
        if not _seen_migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations are missing"
            _seen_migrated = True
    except (Error, psycopg.Error) as fault:
        return f"database does not answer ({type(fault).__name__})"
    return ""


def _knock() -> None:
    """A connection of its own: the pool waits long before it says that it has none, and the asker would give up."""
    # All that the address says goes along: a company's server may ask for TLS, or for a certificate.
    with psycopg.connect(**{**connection.get_connection_params(), "connect_timeout": 2}) as own:
        own.execute("SELECT 1")
