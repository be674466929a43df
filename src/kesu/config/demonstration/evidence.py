"""A picture that somebody hands in, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from kesu.access.actor import Actor
from kesu.commands.cases.describe_file import describe_file
from kesu.commands.cases.mark_file import mark_file
from kesu.core.uploads import Upload
from kesu.store.models import StoredFile


def photo_of(said: Mapping[str, Any]) -> Upload:
    return Upload("photos", said["name"], (files(__package__) / "picture.jpg").read_bytes())


def say_of_photo(case_id: UUID, said: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    file_id = StoredFile.objects.get(case_id=case_id).pk
    about = {"source": said["source"], "kept": None, "note": said["note"]}
    describe_file(actor=actor, at=at, case_id=case_id, file_id=file_id, **about)
    mark_file(actor=actor, at=at, case_id=case_id, file_id=file_id, shapes=json.dumps(said["marks"]))
