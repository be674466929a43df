"""A column that follows from the name of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from kesu.core.pinyin import pinyin_of

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class Sounds(Text):
    """How the row's `name` is typed by its sounds. Worked out when the column is written, and only then: a row that is
    saved for another column's sake does not load the tables of sounds."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        setattr(model_instance, self.attname, pinyin_of(model_instance.name))  # type: ignore[attr-defined]  # has one
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        """To the database it is a text like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
