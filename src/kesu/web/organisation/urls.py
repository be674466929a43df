from __future__ import annotations

from django.urls import path

from kesu.web.organisation import changes, exports, people, setup, tree

urlpatterns = [
    path("setup", setup.setup, name="setup"),
    path("organisation", tree.organisation, name="organisation"),
    path("organisation/units", tree.unit_added, name="unit-add"),
    path("organisation/posts", tree.post_given, name="post-give"),
    path("organisation/posts/<int:holding>/end", tree.post_ended, name="post-end"),
    path("organisation/changes", changes.changes, name="changes"),
    path("organisation/exports", exports.exports, name="exports"),
    path("people", people.people, name="people"),
]
