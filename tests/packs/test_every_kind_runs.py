"""A case of every kind of every policy goes from its opening to its end over HTTP, on the generic pages alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client

from kesu.casefile import notes
from kesu.casefile.books import above
from kesu.casefile.library import offered
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.config.demonstration.courses import Move, defaults_of, moves_to
from kesu.config.demonstration.houses import House, read_houses, settle
from kesu.config.demonstration.stories import Stage
from kesu.config.organisation_file import read
from kesu.core import clock
from kesu.policy.calendar.official import build as build_calendar
from kesu.policy.model.pack import Kind
from kesu.policy.occurrences import occurrences
from kesu.policy.values import NO, YES
from kesu.store.models import Case, CaseCard, CodedSample, Obligation, Room, SealedCase, Unit
from kesu.store.sealed_reader import SYSTEM, read_as
from tests import desk
from tests.security.forms_found import Form
from tests.security.walking import form_at

pytestmark = pytest.mark.django_db

ALWAYS = build_calendar("全天候", (), periods=("00:00-24:00",), workdays=range(1, 8))
"""No house of these closes: the hour at which the test runs does not matter."""

LONGEST = timedelta(days=400)
"""Since when a house has had its policy: whatever comes round once a year has come round since."""

STATED = {"p01": {"photos": "1"}}
"""What a case needs to get on, beyond what its policy asks everywhere."""

CALLED_OFF = {("p06", "handling_review"), ("s16", "bonus")}
"""What looks over the cases of a period: a new house has none, and says so. With some, tests/samples drives it."""

RULING = [pack for pack in offered().values() if not pack.charter.is_overlay]
"""What rules cases by itself."""

KINDS = [(pack.code, kind.code) for pack in RULING for kind in pack.kinds.values()]


@cache
def houses() -> Mapping[str, House]:
    """By policy, the house of the demonstration that has adopted it, with no other policy than that."""
    own = (files("kesu.config.demonstration") / "organisation.yaml").read_text(encoding="utf-8")
    found = {}
    for house in (House(read(own, lambda: None), ()), *read_houses(None)):
        for adopting in house.file.adoptions:
            found[adopting.pack] = House(replace(house.file, adoptions=(adopting,)), ())
    return found


@dataclass(frozen=True)
class Played:
    """A policy in force at a house, one of its kinds, and the place where a case of it is opened."""

    house: House
    kind: Kind
    stage: Stage
    place: str

    @property
    def place_id(self) -> UUID:
        return self.stage.units[self.place]

    def moves(self, pack: str, until: str, at: datetime) -> Iterator[Move]:
        words = defaults_of(pack, ZoneInfo(ALWAYS.zone))
        cast = self.house.cast_at({"at": self.place, "person": "程女士", "phone": "13800005999"}, self.stage)
        return moves_to(until, self.kind, words, STATED.get(pack, {}), cast, at, ALWAYS)


def play(pack: str, kind: str) -> Played:
    house = houses()[pack]
    now = clock.now()
    stage = settle(house, now - LONGEST, now, ALWAYS)
    below = {house.file.adoptions[0].unit}
    for unit in house.file.organisation.units:
        below |= {unit.code} if unit.inside in below else set()
    rules = offered()[pack].kinds[kind]
    units = [unit for unit in house.file.organisation.units if unit.code in below]
    place = next(u.code for u in units if (u.kind in rules.lies_in if rules.lies_in else u.is_public))
    return Played(house, rules, stage, place)


@pytest.mark.parametrize(("pack", "kind"), KINDS)
def test_a_case_goes_from_its_opening_to_its_end(pack: str, kind: str) -> None:
    played = play(pack, kind)
    end = next(stage.code for stage in played.kind.stages.values() if stage.final)
    if (pack, kind) in CALLED_OFF:
        end = "called_off"

    if played.kind.is_sealed:
        assert reported(pack, played, end) == end
    elif played.kind.schedule is not None:
        assert came_round(pack, played, end) == end
    else:
        assert complained(pack, played, end) == end


def test_a_customer_reads_until_when_he_hears_from_the_house() -> None:
    played = play("p02", "complaint")
    complained("p02", played, played.kind.start_stage)
    case = Case.objects.get()
    owed = Obligation.objects.get(case=case, duty="respond")
    assert owed.due_at is not None
    due = owed.due_at.astimezone(ZoneInfo(ALWAYS.zone))
    told = [text for note, text in notes.read(case) if note.visibility == notes.SENT]
    assert any(f"销售中心最迟 {due:%m-%d %H:%M} 与您联系" in text for text in told), told


def complained(pack: str, played: Played, end: str) -> str:
    """Somebody of the house takes it down; the stage in which it ends."""
    opening, *moves = played.moves(pack, end, clock.now())
    client = desk.client_of(opening.login)
    address = f"/cases/new?unit={played.place_id.hex}&kind={played.kind.code}"
    _sent(client, address, form_at(client, address), opening)
    return _stepped(Case.objects.get().pk, moves)


def came_round(pack: str, played: Played, end: str) -> str:
    """The program opens it; the stage in which it ends."""
    schedule, now = played.kind.schedule, clock.now()
    assert schedule is not None
    delivered = now.date() - timedelta(days=100)
    Room.objects.create(project_id=played.place_id, building="1栋", number="101", delivered_on=delivered)
    *_, last = occurrences(schedule, now - LONGEST, now, ALWAYS, [delivered])
    open_occurrences(at=last.opens_at)
    places = above(Unit.objects.get(pk=played.place_id).path)  # other places have one of their own
    case = Case.objects.filter(kind=played.kind.code, unit__path__in=places).latest("received_at")
    _opening, *moves = played.moves(pack, end, last.opens_at)
    return _stepped(case.pk, moves)


def reported(pack: str, played: Played, end: str) -> str:
    """Nobody knows who sent it; the stage in which it ends for those on its list."""
    opening, *moves = played.moves(pack, end, clock.now())
    address = f"/report/{played.place_id}/{played.kind.code}"
    form = form_at(Client(), address)
    told = {name: texts for name, texts in opening.given.items() if name in form.inputs}  # the page knows its channel
    _sent(Client(), address, form, replace(opening, given=told))
    read_as(SYSTEM)
    case_id = SealedCase.objects.get().pk
    read_as("")
    for move in moves:
        client = desk.client_of(move.login)
        address = f"/sealed/{case_id}/steps/{move.step}"
        _sent(client, address, form_at(client, address), move)
    read_as(SYSTEM)
    return SealedCase.objects.get().stage


def _stepped(case_id: UUID, moves: list[Move]) -> str:
    for move in moves:
        client = desk.client_of(move.login)
        code = (
            CodedSample.objects.filter(case_id=case_id, account__login=move.login)
            .values_list("code", flat=True)
            .first()
        )
        way = f"/coded/{code}" if code else f"/cases/{case_id}"  # whoever works blind finds no case
        page = client.get(way).content.decode()
        address = f"{way}/steps/{move.step}"
        assert address in page, f"{move.login} is not shown the way to {move.step}"
        _sent(client, address, form_at(client, address), move)
    return CaseCard.objects.get(case_id=case_id).stage


def _sent(client: Client, address: str, form: Form, move: Move) -> HttpResponseBase:
    """Fills what the page asks, as it was drawn, and sends it."""
    asked = {name for name in form.inputs if name != "happened_at"}
    assert set(move.given) <= asked, f"{move.step}: the page does not ask {set(move.given) - asked}"
    hidden = {one.name: one.value for one in form.inputs.values() if one.kind == "hidden"}
    typed = {name: [_pressed(form, name, text) for text in texts] for name, texts in move.given.items()}
    uploads = {one.fact: SimpleUploadedFile(one.name, one.content) for one in move.uploads}
    answer = client.post(address, {**hidden, **typed, **uploads})
    assert answer.status_code in {200, 302}, f"{move.step} by {move.login}: {_refused(answer)}"
    return answer


def _pressed(form: Form, name: str, text: str) -> str:
    """A flag's buttons send words of their own."""
    flag = {YES: "yes", NO: "no"}
    return flag[text] if text in flag and "yes" in form.inputs[name].values else text


def _refused(answer: HttpResponseBase) -> str:
    """What a page says stands in the way; pages that take what is sent lead on."""
    if answer.status_code < 400:
        return ""
    html = getattr(answer, "content", b"").decode()
    return " ".join(re.sub("<[^>]+>", " ", html[html.find("<main") : html.find("</main>")]).split())
