from __future__ import annotations

from django.urls import path

from kesu.web.matters import views

urlpatterns = [
    path("matters", views.list_view, name="matter-list"),
    path("matters/<uuid:matter_id>", views.matter_view, name="matter-page"),
    path("matters/<uuid:matter_id>/name", views.name_view, name="matter-name"),
    path("cases/<uuid:case_id>/matter", views.join_view, name="case-join"),
    path("cases/<uuid:case_id>/matter/aside", views.set_aside_view, name="case-set-aside"),
    path("cases/<uuid:case_id>/matter/part", views.part_view, name="case-part"),
]
