from __future__ import annotations

from django.urls import path

from kesu.web.organisation import book, mailboxes, people, records, rights, setup, sources, tree
from kesu.web.people import person

urlpatterns = [
    path("setup", setup.setup, name="setup"),
    path("organisation", tree.organisation, name="organisation"),
    path("organisation/units", tree.unit_added, name="unit-add"),
    path("organisation/roots", tree.root_added, name="root-add"),
    path("organisation/units/<uuid:unit>", tree.unit_changed, name="unit-change"),
    path("organisation/units/<uuid:unit>/move", tree.unit_moved, name="unit-move"),
    path("organisation/posts", tree.post_given, name="post-give"),
    path("organisation/posts/<int:holding>/end", tree.post_ended, name="post-end"),
    path("organisation/import", book.book_in, name="organisation-import"),
    path("organisation/book", book.book_out, name="organisation-book"),
    path("organisation/changes", records.changes, name="changes"),
    path("organisation/readings", records.readings, name="readings"),
    path("organisation/exports", records.exports, name="exports"),
    path("organisation/sources", sources.sources, name="sources"),
    path("organisation/sources/<uuid:source_id>", sources.source, name="source"),
    path("organisation/sources/<uuid:source_id>/secret", sources.renewed, name="source-renew"),
    path("organisation/sources/<uuid:source_id>/open", sources.opened, name="source-open"),
    path("organisation/mailboxes", mailboxes.mailboxes, name="mailboxes"),
    path("organisation/mailboxes/<uuid:mailbox_id>", mailboxes.mailbox, name="mailbox"),
    path("organisation/mailboxes/<uuid:mailbox_id>/try", mailboxes.tried, name="mailbox-try"),
    path("organisation/mailboxes/<uuid:mailbox_id>/open", mailboxes.mailbox_opened, name="mailbox-open"),
    path("roles", rights.role_list, name="roles"),
    path("roles/<slug:code>", rights.role, name="role"),
    path("slots", rights.slot_list, name="slots"),
    path("slots/<slug:slot>", rights.slot_mapped, name="slot-map"),
    path("people", people.people, name="people"),
    path("people/<uuid:account>", person.person, name="person"),
    path("people/<uuid:account>/hand-over", person.hand_over, name="hand-over"),
    path("absences/<int:absence>/end", person.absence_ended, name="absence-end"),
]
