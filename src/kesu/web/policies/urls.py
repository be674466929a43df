from __future__ import annotations

from django.urls import path

from kesu.web.policies import views

urlpatterns = [
    path("policies", views.policies, name="policies"),
    path("policies/<str:policy_hash>", views.policy, name="policy"),
]
