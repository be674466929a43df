from __future__ import annotations

from django.urls import path

from kesu.web.calendars import editing, views

urlpatterns = [
    path("calendars", views.month, name="calendars"),
    path("calendars/changes/<uuid:change>", views.change, name="calendar-change"),
    path("calendars/<str:version>", views.month, name="calendar"),
    path("calendars/<str:version>/edit", editing.edit, name="calendar-edit"),
    path("calendars/<str:version>/save", editing.save, name="calendar-save"),
]
