"""From a pack's facts to fields, and from what was posted to raw text by fact."""

from __future__ import annotations

from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from kesu.policy.asking import FieldView, Option, fields_of, opening_step
from kesu.policy.model.facts import FactType
from kesu.web.fields import FieldKind
from kesu.web.forms import Read, draw, read_form
from tests import world


def field(code: str, kind: FactType, *options: str) -> FieldView:
    return FieldView(code, "名称", kind, is_required=True, options=tuple(Option(o, o) for o in options))


def posted(*fields: FieldView, **data: object) -> Read:
    sent = {name.replace("__", "."): value for name, value in data.items()}
    return read_form(RequestFactory().post("/", sent), fields, _find)


def _find(number: str) -> str:
    return "a" * 32 if number == "TS-26-0001" else ""


def test_it_draws_every_field_of_a_real_policy() -> None:
    for code in ("p10", "suggestion", "whistle"):
        for kind in world.pack(code).kinds.values():
            for step in kind.steps.values():
                asked = fields_of(kind, step)
                drawn = draw(asked, {}, {})
                assert len(drawn) >= len(asked)
                assert all(one.label and one.name for one in drawn)


def test_it_asks_required_facts_before_the_others() -> None:
    kind = world.pack("p10").kinds["complaint"]
    required = [one.is_required for one in fields_of(kind, opening_step(kind))]
    assert required == sorted(required, reverse=True)


def test_it_takes_only_what_the_step_asks() -> None:
    read = posted(field("demand", FactType.TEXT), demand="修好", level="major")
    assert read.given == {"demand": ("修好",)}


def test_it_translates_the_two_buttons_of_a_flag_and_draws_them_back() -> None:
    flag = field("agreed", FactType.FLAG)
    read = posted(flag, agreed="no")
    assert read.given == {"agreed": ("否",)}
    assert draw([flag], read.typed, {})[0].value == "no"
    assert draw([flag], {"agreed": ("是",)}, {})[0].value == "yes"


def test_it_reads_a_person_in_two_parts() -> None:
    person = field("person", FactType.PERSON)
    read = posted(person, person__name="苏女士", person__phone="138")
    assert read.given == {"person.name": ("苏女士",), "person.phone": ("138",)}
    assert [one.value for one in draw([person], read.typed, {})] == ["苏女士", "138"]


def test_it_drops_units_and_people_that_were_not_offered() -> None:
    team = field("team", FactType.GROUP, "clerk:1", "clerk:2")
    read = posted(team, team=["clerk:2", "boss:9"])
    assert read.given == {"team": ("clerk:2",)}
    assert [choice.value for choice in draw([team], read.typed, {})[0].choices if choice.is_chosen] == ["clerk:2"]


def test_it_finds_a_case_by_its_printed_number_or_says_that_there_is_none() -> None:
    case = field("repeat_of", FactType.CASE)
    assert posted(case, repeat_of__number="TS-26-0001").given == {"repeat_of": ("a" * 32,)}
    lost = posted(case, repeat_of__number="TS-26-9999")
    assert "TS-26-9999" in lost.errors["repeat_of"]
    assert draw([case], lost.typed, lost.errors)[-1].value == "TS-26-9999"


def test_it_hands_over_files_with_the_fact_they_answer() -> None:
    read = posted(field("photos", FactType.FILE), photos=SimpleUploadedFile("墙.jpg", b"bytes"))
    assert [(one.fact, one.name, one.content) for one in read.uploads] == [("photos", "墙.jpg", b"bytes")]
    assert read.given == {}


def test_it_shows_the_error_at_its_field_and_keeps_the_text() -> None:
    drawn = draw([field("demand", FactType.TEXT)], {"demand": ("修",)}, {"demand": "太短"})[0]
    assert (drawn.value, drawn.error, drawn.described_by) == ("修", "太短", "f-demand-error")


def test_it_gives_long_texts_a_large_field() -> None:
    text = field("content", FactType.TEXT)
    assert draw([replace(text, multiline=True)], {}, {})[0].kind is FieldKind.TEXTAREA
    assert draw([text], {}, {})[0].kind is FieldKind.TEXT
