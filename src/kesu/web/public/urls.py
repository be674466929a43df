from __future__ import annotations

from django.urls import path

from kesu.web.public import follow, guest, submit

urlpatterns = [
    path("submit", submit.choose, name="public-submit"),
    path("submit/<uuid:unit_id>/<slug:kind>", submit.form, name="public-form"),
    path("submitted/<str:secret>", submit.submitted, name="public-submitted"),
    path("part/<str:secret>", guest.part, name="guest"),
    path("part/<str:secret>/words", guest.write, name="guest-words"),
    path("part/<str:secret>/steps/<slug:step>", guest.step, name="guest-step"),
    path("follow/<str:secret>", follow.follow, name="public-follow"),
    path("follow/<str:secret>/words", follow.write, name="public-words"),
    path("follow/<str:secret>/steps/<slug:step>", follow.step, name="public-step"),
]
