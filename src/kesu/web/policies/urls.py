from __future__ import annotations

from django.urls import path

from kesu.web.policies import adopting, adoptions, covering, trying, views

urlpatterns = [
    path("policies", views.policies, name="policies"),
    path("policies/offers", adopting.offer_list, name="policy-offers"),
    path("policies/offers/<str:code>", adopting.offer, name="policy-offer"),
    path("policies/offers/<str:code>/try", trying.try_out, name="policy-trial"),
    path("policies/offers/<str:code>/changes", covering.changed, name="policy-changes"),
    path("policies/coverage", covering.coverages, name="policy-coverages"),
    path("policies/coverage/<str:code>", covering.covered, name="policy-coverage"),
    path("policies/adoptions", adoptions.adoptions, name="adoptions"),
    path("policies/adoptions/<uuid:adoption>/withdraw", adoptions.adoption_withdrawn, name="adoption-withdraw"),
    path("policies/<str:policy_hash>", views.policy, name="policy"),
]
