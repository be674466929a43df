from __future__ import annotations

from django.urls import path

from kesu.api.v1 import calls, reports

urlpatterns = [
    path("calls", calls.calls, name="api-calls"),
    path("reports", reports.reports, name="api-reports"),
]
