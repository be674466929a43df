"""Addresses of rooms are kept in half width. Rooms from before that was so were looked up and found by nobody who typed
theirs otherwise; they are written anew here, and the lists of their people with them.

Where another room has the folded address, or two would come to have it, all stay as they are: which of them is right
nobody knows here, and nothing is joined. The page of such a room says which other one it may be.

The first administrator's post is called what it is called in the sources, so that each reader sees it in his language.

What an address becomes is that of `casefile.estate` and `casefile.customer_places` as of this migration.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from kesu.core.searching import fold

_PARTS = {"phase": 40, "building": 40, "entrance": 20, "number": 20}
_SUFFIX = re.compile(r"(号楼|栋|幢|座|楼|单元|梯|室|房)$")
_BEFORE_SUFFIX = re.compile(r"(?<=\d)(?=[^\d\s])")
_ADMINISTRATOR = "系统管理员"
_TRANSLATED = ("System administrator", "系統管理員")


def _fold_rooms(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("store", "Room")
    wide = dict(_wide(model))
    folded = [(project, *plain[1:]) for project, plain in wide.values()]
    taken = Counter(folded)
    columns = ("project_id", "building", "entrance", "number")
    standing = model.objects.filter(project_id__in={project for project, _plain in wide.values()})
    taken.update(row for row in standing.values_list(*columns).iterator() if row in taken)
    for row in model.objects.filter(pk__in=wide).select_related("project").order_by("pk"):
        project, plain = wide[row.pk]
        if taken[(project, *plain[1:])] == 1:
            _rename(apps, row, plain)


def _wide(model: Any) -> Iterator[tuple[Any, tuple[Any, tuple[str, ...]]]]:
    """Rooms that are not in half width, with their project and the parts of their address as they would be."""
    for pk, project, *parts in model.objects.values_list("pk", "project_id", *_PARTS).iterator():
        plain = tuple(" ".join(unicodedata.normalize("NFKC", part).split()) for part in parts)
        fits = all(len(text) <= longest for text, longest in zip(plain, _PARTS.values(), strict=True))
        if list(plain) != parts and fits and plain[1] and plain[3]:
            yield pk, (project, plain)


def _rename(apps: StateApps, room: Any, plain: Sequence[str]) -> None:
    before = _texts(room.building, room.entrance, room.number)
    room.phase, room.building, room.entrance, room.number = plain
    after = _texts(*plain[1:])
    room.place = room.project.path + "\t".join(re.sub(r"\d+", lambda found: found[0].zfill(6), one) for one in plain)
    room.text = _line(" ".join(filter(None, (room.phase, *after))))
    room.save(update_fields=["phase", "building", "entrance", "number", "place", "text"])
    ties = apps.get_model("store", "CustomerRoom").objects.filter(room=room, ended_on=None).select_related("customer")
    people = {tie.customer.merged_into_id or tie.customer_id for tie in ties}
    places = apps.get_model("store", "CustomerPlace").objects.filter(customer__in=people, unit=room.project_id)
    for row in places.only("pk", "rooms", "text", "is_erased"):
        shown = [after[-1] if one == before[-1] else one for one in row.rooms.removesuffix("…").split("、")]
        more = "…" if row.rooms.endswith("…") else ""
        text = row.text.replace("".join(map(_line, before)), "".join(map(_line, after)))
        places.filter(pk=row.pk).update(rooms=("、".join(shown) + more)[:120], text=text)


def _texts(building: str, entrance: str, number: str) -> tuple[str, ...]:
    parts = [part for part in (building, entrance, number) if part]
    bare = [_SUFFIX.sub("", part) or part for part in parts]
    spaced = _BEFORE_SUFFIX.sub(" ", " ".join(parts))
    return tuple(dict.fromkeys((" ".join(parts), spaced, "-".join(parts), "-".join(bare))))


def _line(text: str) -> str:
    folded = fold(text).strip()
    return f"\n{folded}" if folded else ""


def _name_administrator(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    posts = apps.get_model("store", "Post").objects.filter(role="system_admin", name__in=_TRANSLATED)
    posts.update(name=_ADMINISTRATOR)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0024_changes_outlive_rooms"),
    ]

    operations = [
        migrations.RunPython(_fold_rooms, migrations.RunPython.noop),
        migrations.RunPython(_name_administrator, migrations.RunPython.noop),
    ]
