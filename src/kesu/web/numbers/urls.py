from __future__ import annotations

from django.urls import path

from kesu.web.numbers import views
from kesu.web.numbers.ahead import ahead_page

urlpatterns = [
    path("numbers", views.numbers_page, name="numbers"),
    path("numbers.xlsx", views.numbers_export, name="numbers-export"),
    path("numbers/ahead", ahead_page, name="numbers-ahead"),
    path("numbers/duties", views.duties, name="numbers-duties"),
]
