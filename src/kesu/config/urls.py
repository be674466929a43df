"""Every address of the program."""

from __future__ import annotations

from django.urls import include, path

from kesu.config.health import healthz
from kesu.config.health_page import health
from kesu.config.metrics import metrics
from kesu.web.cases import export, list_cases, receipt_files

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("kesu.api.v1.urls")),
    path("", include("kesu.web.work.urls")),
    path("", include("kesu.web.people.urls")),
    path("", include("kesu.web.organisation.urls")),
    path("cases", list_cases.list_cases, name="case-list"),
    path("cases.receipts.json", receipt_files.listed_receipts_view, name="case-list-receipts"),
    path("receipts/kesu_clock.py", receipt_files.verifier_view, name="receipt-verifier"),
    path("cases.xlsx", export.export_list, name="case-list-export"),
    path("", include("kesu.web.cases.urls")),
    path("", include("kesu.web.calendars.urls")),
    path("", include("kesu.web.coded.urls")),
    path("", include("kesu.web.customers.urls")),
    path("", include("kesu.web.estate.urls")),
    path("", include("kesu.web.ledgers.urls")),
    path("", include("kesu.web.matters.urls")),
    path("", include("kesu.web.messages.urls")),
    path("", include("kesu.web.numbers.urls")),
    path("", include("kesu.web.policies.urls")),
    path("", include("kesu.web.public.urls")),
    path("", include("kesu.web.publications.urls")),
    path("", include("kesu.web.registers.urls")),
    path("", include("kesu.web.sealed.urls")),
]

handler400 = "kesu.web.refusals.bad_request"
handler403 = "kesu.web.refusals.not_allowed"
handler404 = "kesu.web.refusals.not_found"
handler500 = "kesu.web.refusals.failed"
