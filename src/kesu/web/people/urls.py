from __future__ import annotations

from django.urls import path

from kesu.web.people import language, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("language", language.choose, name="language"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
]
