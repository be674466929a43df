from __future__ import annotations

from django.urls import path

from kesu.web.policies import adopting, adoptions, covering, noticed, proposals, trying, views

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
    path("policies/renewals/<uuid:change>", adoptions.renewal, name="policy-renewal"),
    path("policies/overlays/<uuid:overlay>/lift", adoptions.overlay_lifted, name="overlay-lift"),
    path("policies/notices", noticed.notices, name="policy-notices"),
    path("policies/proposals", proposals.proposals, name="proposals"),
    path("policies/proposals/<uuid:proposal>", proposals.proposal, name="proposal"),
    path("policies/proposals/<uuid:proposal>/sign", proposals.signed, name="proposal-sign"),
    path("policies/proposals/<uuid:proposal>/refuse", proposals.refused, name="proposal-refuse"),
    path("policies/proposals/<uuid:proposal>/withdraw", proposals.withdrawn, name="proposal-withdraw"),
    path("policies/proposals/<uuid:proposal>/signer", proposals.signer_named, name="proposal-signer"),
    path("policies/<str:policy_hash>", views.policy, name="policy"),
]
