from __future__ import annotations

from django.urls import path

from kesu.web.publications import board, feed, views

urlpatterns = [
    path("publications", views.public_list, name="publication-list"),
    path("publications.atom", feed.feed, name="publication-feed"),
    path("publications/<uuid:publication_id>", views.public_page, name="publication"),
    path("follow/<str:secret>/publications", views.resident_list_view, name="follow-publications"),
    path("follow/<str:secret>/publications/<uuid:publication_id>", views.resident_view, name="follow-publication"),
    path("board", board.board_view, name="board"),
    path("board/<uuid:publication_id>", board.notice_view, name="board-notice"),
]
