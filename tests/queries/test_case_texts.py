"""Clauses, files and explanations: what stands behind a case."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from PIL import Image

from kesu.commands.cases.take_out_file import take_out_file
from kesu.core.errors import NotFound
from kesu.core.uploads import Upload
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.clause import clause_view
from kesu.queries.cases.explain_case import explain_case
from kesu.queries.cases.files import case_file_preview
from tests.world import MONDAY, World


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 700), (180, 170, 150)).save(out, "PNG")
    return out.getvalue()


def with_photo(here: World) -> UUID:
    return here.register(uploads=[Upload("photos", "墙面.png", picture())])


def test_it_gives_a_file_whole_and_small_to_those_who_see_the_case(here: World) -> None:
    case = with_photo(here)
    actor = here.actor("heqing")
    row = case_page(actor=actor, at=MONDAY, case_id=case).files[0]
    whole = take_out_file(actor=actor, at=MONDAY, case_id=case, file_id=row.id)
    small = case_file_preview(actor=actor, case_id=case, file_id=row.id)
    assert (whole.name, whole.media_type) == ("墙面.png", "image/png")
    assert whole.content == picture()
    assert small.media_type == "image/jpeg"
    assert max(Image.open(io.BytesIO(small.content)).size) <= 640


def test_it_gives_no_file_outside_the_scope_or_through_another_case(here: World) -> None:
    case, other = with_photo(here), here.register(title="另一件")
    file = case_page(actor=here.actor("heqing"), at=MONDAY, case_id=case).files[0].id
    with pytest.raises(NotFound):
        take_out_file(actor=here.actor("zhaolang"), at=MONDAY, case_id=case, file_id=file)
    with pytest.raises(NotFound):
        case_file_preview(actor=here.actor("heqing"), case_id=other, file_id=file)


def test_it_unfolds_a_clause_with_the_reading_of_what_it_leaves_open(here: World) -> None:
    page = case_page(actor=here.actor("heqing"), at=MONDAY, case_id=here.register())
    clause = page.obligations[0].clauses[0]
    view = clause_view(actor=here.actor("heqing"), policy_hash=page.policy_hash, clause_id=clause.id)
    assert view.printed == clause.printed
    assert view.text == clause.text
    assert [one.rule for one in view.readings] == [page.obligations[0].name]


def test_it_knows_no_clause_of_a_policy_that_was_never_adopted(here: World) -> None:
    page = case_page(actor=here.actor("heqing"), at=MONDAY, case_id=here.register())
    for policy, clause in ((page.policy_hash, "99.9"), ("0" * 64, "1.1")):
        with pytest.raises(NotFound):
            clause_view(actor=here.actor("heqing"), policy_hash=policy, clause_id=clause)


def test_it_explains_a_case_by_number_and_by_identifier(here: World) -> None:
    case = here.register()
    by_id = explain_case(at=MONDAY, case_ref=str(case))
    by_number = explain_case(at=MONDAY, case_ref=by_id.number.lower())
    assert by_number.standing == by_id.standing
    assert by_number.kind.code == "complaint"
    with pytest.raises(NotFound):
        explain_case(at=MONDAY, case_ref="TS-99-0001")
