from __future__ import annotations

from django.urls import path

from kesu.web.work import calls, lists, phrases, signing, views

urlpatterns = [
    path("", views.front, name="front"),
    path("work", views.work, name="work"),
    path("work/live", views.work_live, name="work-live"),
    path("calls/live", calls.calls_live, name="calls-live"),
    path("calls/aside", calls.call_aside_view, name="call-aside"),
    path("approvals", views.approval_list, name="approvals"),
    path("approvals/signed", signing.signed_view, name="approvals-signed"),
    path("approvals/sign", signing.sign_many_view, name="approvals-sign"),
    path("approvals/copied", lists.copied_view, name="approvals-copied"),
    path("approvals/copied/read", lists.copies_read_view, name="approvals-copies-read"),
    path("approvals/submitted", lists.submitted_view, name="approvals-submitted"),
    path("approvals/phrases", phrases.phrases_view, name="approvals-phrases"),
    path("approvals/phrases/drop", phrases.phrase_drop_view, name="approvals-phrase-drop"),
    path("approvals/live", views.approvals_live, name="approvals-live"),
]
