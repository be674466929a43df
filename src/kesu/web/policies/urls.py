from __future__ import annotations

from django.urls import path

from kesu.web.policies import adopting, views

urlpatterns = [
    path("policies", views.policies, name="policies"),
    path("policies/offers", adopting.offer_list, name="policy-offers"),
    path("policies/offers/<str:code>", adopting.offer, name="policy-offer"),
    path("policies/<str:policy_hash>", views.policy, name="policy"),
]
