from __future__ import annotations

from django.urls import path

from kesu.web.coded import views

urlpatterns = [
    path("coded", views.bench_view, name="coded-list"),
    path("coded/<slug:code>", views.sample_view, name="coded-sample"),
    path("coded/<slug:code>/steps/<slug:step>", views.step_view, name="coded-step"),
]
