from __future__ import annotations

from django.urls import path

from kesu.web.registers import views

urlpatterns = [
    path("registers", views.register_view, name="register-list"),
    path("registers/day.pdf", views.day_view, name="register-day"),
    path("registers.xlsx", views.export_view, name="register-export"),
]
