"""A full disk: nothing is stored by halves, the answer says what to do, and all goes on when there is room again."""

from __future__ import annotations

import gc
import io
import logging
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from kesu.store.models import Case, Note, StoredFile, SubmittedForm
from tests import desk
from tests.database import Databases
from tests.web.public.test_submit import ANSWERS, token_of

_FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON store_note FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@contextmanager
def no_room_for_files() -> Iterator[None]:
    """The system takes no more than some KiB of a file from this process: as if the disk filled up in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def noise(side: int) -> SimpleUploadedFile:
    """A picture that cannot be made smaller: about three bytes a point."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "PNG")
    return SimpleUploadedFile("墙.png", out.getvalue())


def kept(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.django_db
# The framework drops the file that it could not receive without closing it; the collector does, below.
@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("side", [120, 700], ids=["while it is kept", "while it is received"])
def test_it_keeps_nothing_of_a_complaint_whose_photograph_has_no_room(
    side: int, settings: Settings, tmp_path: Path
) -> None:
    settings.KESU_FILES = tmp_path  # a folder in which nothing else ever was
    here, _ = desk.opened()
    form = f"/submit/{here.units['qingtang']}/complaint"
    client = Client(raise_request_exception=False)
    sent = {**ANSWERS, "form_token": token_of(client.get(form).content.decode())}
    logging.disable()  # a kept line of the log would keep the broken file, too
    with no_room_for_files():
        answer = client.post(form, {**sent, "photos": noise(side)})

    assert answer.status_code == 503
    assert "存储空间满了" in answer.content.decode()
    del answer
    gc.collect()
    logging.disable(logging.NOTSET)
    assert kept(tmp_path) == set()
    assert not Case.objects.exists()
    assert not SubmittedForm.objects.exists()

    assert client.post(form, {**sent, "photos": noise(side)}).status_code == 302
    assert (Case.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert kept(tmp_path)


def test_it_says_that_the_database_has_no_room_and_goes_on_when_it_has(
    fresh_database: str, databases: Databases
) -> None:
    here, now = desk.opened()
    secret = here.submit(at=now).secret
    client = Client(raise_request_exception=False)
    page = client.get(f"/follow/{secret}").content.decode()
    sent = {"text": "同意", "form_token": token_of(page)}
    with psycopg.connect(databases.owner_url(fresh_database), autocommit=True) as owner:
        owner.execute(_FULL)
        refused = client.post(f"/follow/{secret}/words", sent)
        owner.execute("DROP FUNCTION no_room CASCADE")

    assert refused.status_code == 503
    assert "磁盘满了。请告诉管理员腾出空间" in refused.content.decode()
    assert refused.headers["Retry-After"]
    assert client.post(f"/follow/{secret}/words", sent).status_code == 302
    assert Note.objects.filter(visibility="received").count() == 1
