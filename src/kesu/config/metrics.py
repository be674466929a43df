"""`GET /metrics`: numbers for Prometheus. For this machine, or for whoever shows the token."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hmac import compare_digest
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from kesu.core import clock
from kesu.queries.operation.vital_signs import VitalSigns, vital_signs
from kesu.web.observing import REQUESTS, SECONDS
from kesu.web.visitors import address_of

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the library lets several processes of one server add up their counts; `kesu web` makes it."""


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Signs(vital_signs(at=clock.now())))
    if os.environ.get(_FOLDER):
        registry.register(MultiProcessCollector(None))  # type: ignore[no-untyped-call]  # the library has no types here
    else:
        for one in (REQUESTS, SECONDS):
            registry.register(one)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.KESU_METRICS_TOKEN
    if token:
        return compare_digest(shown.encode(), token.encode())
    address = address_of(request)
    return bool(address) and ip_address(address).is_loopback


class _Signs:
    """The vital signs as gauges."""

    def __init__(self, signs: VitalSigns) -> None:
        self._signs = signs

    def collect(self) -> Iterator[Metric]:
        signs = self._signs
        plain = {
            "kesu_cases_open": ("Cases that have not ended", signs.open_cases),
            "kesu_waking_cases": ("Cases whose moment has come and that nobody has woken yet", signs.waking),
            "kesu_waking_oldest_seconds": ("Age of the oldest of them", signs.waking_seconds),
            "kesu_obligations_open": ("Open obligations", signs.obligations),
            "kesu_obligations_late": ("Open obligations over their limit", signs.late),
            "kesu_obligations_due_in_a_day": ("Open obligations due within 24 hours", signs.soon),
            "kesu_messages_held": ("Messages that wait for a mail server or an address", signs.held),
            "kesu_messages_failed": ("Messages that were given up", signs.failed),
        }
        for name, (about, value) in plain.items():
            yield GaugeMetricFamily(name, about, value=value)
        waiting = GaugeMetricFamily("kesu_messages_due", "Messages that are due", labels=["lane"])
        oldest = GaugeMetricFamily("kesu_messages_due_oldest_seconds", "Age of the oldest of them", labels=["lane"])
        for lane in signs.lanes:
            waiting.add_metric([lane.name], lane.waiting)
            oldest.add_metric([lane.name], lane.oldest_seconds)
        silent = GaugeMetricFamily(
            "kesu_process_silent_seconds", "Since it was last heard of", labels=["part", "process"]
        )
        failures = GaugeMetricFamily("kesu_process_failures", "Since it started", labels=["part", "process"])
        for process in signs.processes:
            silent.add_metric([process.part, process.name], process.silent_seconds)
            failures.add_metric([process.part, process.name], process.failures)
        yield from (waiting, oldest, silent, failures)
