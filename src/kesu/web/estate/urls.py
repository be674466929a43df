from __future__ import annotations

from django.urls import path

from kesu.web.estate import rooms

urlpatterns = [
    path("rooms", rooms.room_list_view, name="room-list"),
    path("rooms/new", rooms.room_new, name="room-new"),
    path("rooms/<uuid:room_id>", rooms.room_view, name="room-page"),
    path("rooms/<uuid:room_id>/remove", rooms.room_removed, name="room-remove"),
]
