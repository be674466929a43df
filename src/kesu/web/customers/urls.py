from __future__ import annotations

from django.urls import path

from kesu.web.customers import imports, listing, page

urlpatterns = [
    path("customers", listing.customer_list_view, name="customer-list"),
    path("customers/new", listing.customer_new, name="customer-new"),
    path("customers/duplicates", listing.duplicates_view, name="customer-duplicates"),
    path("customers/import", imports.import_view, name="customer-import"),
    path("customers/import/template.xlsx", imports.import_template, name="customer-import-template"),
    path("customers/import/<uuid:run_id>", imports.import_run_view, name="customer-import-run"),
    path("customers/import/<uuid:run_id>/errors.xlsx", imports.import_errors, name="customer-import-errors"),
    path("customers/<uuid:customer_id>", page.customer_view, name="customer-page"),
    path("customers/<uuid:customer_id>/shown", page.customer_shown, name="customer-shown"),
    path("customers/<uuid:customer_id>/change", page.customer_changed, name="customer-change"),
    path("customers/<uuid:customer_id>/rooms", page.room_linked, name="customer-room"),
    path("customers/<uuid:customer_id>/rooms/<int:link>/end", page.room_ended, name="customer-room-end"),
    path("customers/<uuid:customer_id>/purchases", page.purchase_added, name="customer-purchase"),
    path("customers/<uuid:customer_id>/consents", page.consent_given, name="customer-consent"),
    path("customers/<uuid:customer_id>/consents/<int:consent>/end", page.consent_withdrawn, name="customer-withdraw"),
    path("customers/<uuid:customer_id>/join", page.customer_joined, name="customer-join"),
    path("customers/<uuid:customer_id>/apart", page.customer_told_apart, name="customer-apart"),
    path("customers/<uuid:customer_id>/part", page.customer_parted, name="customer-part"),
    path("customers/<uuid:customer_id>/export", page.customer_exported, name="customer-export"),
    path("customers/<uuid:customer_id>/erase", page.customer_erased, name="customer-erase"),
]
