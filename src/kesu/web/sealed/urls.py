from __future__ import annotations

from django.urls import path

from kesu.web.sealed import desk, intake, report

urlpatterns = [
    path("report", report.choose, name="report"),
    path("report/status", report.status, name="report-status"),
    path("report/add/<slug:step>", report.add, name="report-add"),
    path("report/<uuid:unit_id>/<slug:kind>", report.form, name="report-form"),
    path("sealed", desk.sealed_cases, name="sealed-list"),
    path("sealed/new", intake.sealed_new, name="sealed-new"),
    path("sealed/<uuid:case_id>", desk.sealed_case, name="sealed-case"),
    path("sealed/<uuid:case_id>/files/<uuid:file_id>", desk.sealed_file, name="sealed-file"),
    path("sealed/<uuid:case_id>/steps/<slug:step>", desk.sealed_step, name="sealed-step"),
]
