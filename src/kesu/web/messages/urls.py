"""Addresses of messages: what was told to the reader, how he wants to be told, and what did not arrive."""

from __future__ import annotations

from django.urls import path

from kesu.web.messages import choosing, notices, sent, undelivered

urlpatterns = [
    path("notices", notices.notice_list, name="notices"),
    path("notices/live", notices.notices_live, name="notices-live"),
    path("notices/read", notices.notices_read, name="notices-read"),
    path("account/notices", choosing.notice_choice_view, name="notice-choice"),
    path("messages/undelivered", undelivered.undelivered_list, name="undelivered"),
    path("messages/<int:message>/again", undelivered.message_again, name="message-again"),
    path("messages/<int:message>/give-up", undelivered.message_given_up, name="message-give-up"),
    path("messages/<int:message>/handed", undelivered.message_handed, name="message-handed"),
    path("cases/<uuid:case_id>/sent", sent.sent_view, name="case-sent"),
]
