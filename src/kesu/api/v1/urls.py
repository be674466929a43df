from __future__ import annotations

from django.urls import path

from kesu.api.v1 import reports

urlpatterns = [
    path("reports", reports.reports, name="api-reports"),
]
