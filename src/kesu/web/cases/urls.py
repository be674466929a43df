"""Addresses of one case. Its list has a module of its own."""

from __future__ import annotations

from django.urls import path

from kesu.web.cases import (
    archive,
    clause,
    documents,
    evidence,
    files,
    guests,
    importing,
    intake,
    page,
    people,
    side_by_side,
    step,
    step_many,
    taking_back,
)

urlpatterns = [
    path("cases/new", intake.intake_view, name="case-new"),
    path("cases/import", importing.import_view, name="case-import"),
    path("cases/import/template", importing.template_view, name="case-import-template"),
    path("cases/import/errors", importing.errors_view, name="case-import-errors"),
    path("intake/preview", intake.intake_preview_view, name="case-new-preview"),
    path("cases/<uuid:case_id>", page.case_view, name="case-page"),
    path("cases/<uuid:case_id>/panel", page.panel_view, name="case-panel"),
    path("cases/<uuid:case_id>/timeline", page.timeline_view, name="case-timeline"),
    path("cases/<uuid:case_id>/notes", page.note_view, name="case-note"),
    path("cases/<uuid:case_id>/messages", page.message_view, name="case-message"),
    path("cases/<uuid:case_id>/guests", guests.guests, name="case-guests"),
    path("cases/<uuid:case_id>/guests/<uuid:guest_id>/words", guests.guest_told, name="case-guest-tell"),
    path("cases/<uuid:case_id>/guests/<uuid:guest_id>/withdraw", guests.guest_withdrawn, name="case-guest-withdraw"),
    path("cases/<uuid:case_id>/people", people.people_view, name="case-people"),
    path("cases/<uuid:case_id>/people/<int:seq>/<slug:fact>", page.unmask_view, name="case-unmask"),
    path("cases/<uuid:case_id>/steps/<slug:step>", step.step_view, name="case-step"),
    path("cases/<uuid:case_id>/steps/<slug:step>/preview", step.step_preview_view, name="case-step-preview"),
    path("cases/<uuid:case_id>/steps/<slug:step>/many", step_many.step_many_view, name="case-step-many"),
    path(
        "cases/<uuid:case_id>/steps/<slug:step>/many/template",
        step_many.step_many_template_view,
        name="case-step-many-template",
    ),
    path("cases/<uuid:case_id>/events/<int:seq>/back", taking_back.take_back_view, name="case-take-back"),
    path("cases/<uuid:case_id>/files/<uuid:file_id>", files.file_view, name="case-file"),
    path("cases/<uuid:case_id>/files/<uuid:file_id>/preview", files.preview_view, name="case-file-preview"),
    path("cases/<uuid:case_id>/files/<uuid:file_id>/view", files.large_view, name="case-file-view"),
    path("cases/<uuid:case_id>/evidence", evidence.register_view, name="case-evidence"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>", evidence.piece_view, name="case-evidence-file"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/words", evidence.described_view, name="case-evidence-words"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/hands", evidence.handed_view, name="case-evidence-hands"),
    path("cases/<uuid:case_id>/evidence/<uuid:file_id>/marks", evidence.marked_view, name="case-evidence-marks"),
    path("cases/<uuid:case_id>/side-by-side", side_by_side.side_by_side_view, name="case-side-by-side"),
    path("cases/<uuid:case_id>/archive", archive.archive_view, name="case-archive"),
    path("cases/<uuid:case_id>/label.pdf", documents.label_view, name="case-label"),
    path("cases/<uuid:case_id>/documents/<slug:document>", documents.document_view, name="case-document"),
    path("cases/<uuid:case_id>/documents/<slug:document>.pdf", documents.pdf_view, name="case-document-pdf"),
    path("cases/<uuid:case_id>/documents/<slug:document>.docx", documents.docx_view, name="case-document-docx"),
    path("policies/<str:policy_hash>/clauses/<str:clause_id>", clause.clause_view, name="policy-clause"),
]
