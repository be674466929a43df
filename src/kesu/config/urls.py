"""Every address of the program."""

from __future__ import annotations

from django.urls import path

from kesu.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
