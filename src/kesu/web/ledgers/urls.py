from __future__ import annotations

from django.urls import path

from kesu.web.ledgers import views

urlpatterns = [
    path("ledgers", views.account_list_view, name="ledger-list"),
    path("ledgers.xlsx", views.export_accounts, name="ledger-list-export"),
    path("ledgers/<uuid:account_id>", views.account_view, name="ledger-account"),
]
