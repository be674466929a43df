from __future__ import annotations

from django.urls import path

from kesu.web.public import chat, follow, guest, submit

urlpatterns = [
    path("submit", submit.choose, name="public-submit"),
    path("submit/<uuid:unit_id>/<slug:kind>", submit.form, name="public-form"),
    path("chat", chat.choose, name="chat"),
    path("chat/<uuid:unit_id>/<slug:kind>", chat.start, name="chat-start"),
    path("talk/<str:secret>", chat.talk, name="chat-talk"),
    path("talk/<str:secret>/live", chat.live, name="chat-live"),
    path("talk/<str:secret>/words", chat.write, name="chat-words"),
    path("submitted/<str:secret>", submit.submitted, name="public-submitted"),
    path("part/<str:secret>", guest.part, name="guest"),
    path("part/<str:secret>/words", guest.write, name="guest-words"),
    path("part/<str:secret>/steps/<slug:step>", guest.step, name="guest-step"),
    path("follow/<str:secret>", follow.follow, name="public-follow"),
    path("follow/<str:secret>/words", follow.write, name="public-words"),
    path("follow/<str:secret>/steps/<slug:step>", follow.step, name="public-step"),
]
