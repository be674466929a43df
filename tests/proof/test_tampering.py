"""Whoever owns the database and changes, deletes or cuts the log is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from kesu.casefile.chain import body_digest, canonical, event_hash, row_document
from kesu.casefile.log import body_context, data_key, read_bodies_by_class
from kesu.casefile.proof.night import blinded
from kesu.core.keyring import seal, unseal
from kesu.queries.proof.verify_log import Verified, verify_log
from kesu.store.models import Case, CaseEvent, EventBody, MatterEvent, SignedNight, StoredFile
from tests.proof.conftest import FIRST, SECOND, Evidence

_EVENTS = "(SELECT id FROM store_caseevent WHERE case_id = %s)"
_COPIED = "case_id, kind, schema, at, recorded_at, actor, role, step, facts, forms, body_digest"


def look(evidence: Evidence, *, is_sealed: bool = False) -> Verified:
    return verify_log(is_sealed=is_sealed, folder=evidence.nights)


def told(found: Verified) -> set[tuple[str, int | None]]:
    return {(finding.found.value, finding.seq) for finding in found.findings}


def number(case_id: object) -> str:
    return Case.objects.get(pk=case_id).number


def test_it_finds_nothing_where_nothing_was_touched(evidence: Evidence) -> None:
    found = look(evidence, is_sealed=True)

    assert found.findings == ()
    assert found.faults == found.destroyed == 0
    assert found.cases == 4
    assert found.events > 8


def test_it_finds_a_changed_event_and_names_case_and_place(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    evidence.spoil("UPDATE store_caseevent SET actor = %s WHERE case_id = %s AND seq = 2", "0" * 32, case_id)

    found = look(evidence)
    assert told(found) == {("event_changed", 2)}
    assert found.findings[0].case == number(case_id)


def test_it_finds_a_changed_event_whose_hashes_were_all_made_anew(evidence: Evidence) -> None:
    """Whoever knows how the chain is made can make one that holds; he cannot sign it."""
    case_id = evidence.written.moved
    previous = ""
    for row in CaseEvent.objects.filter(case_id=case_id).order_by("seq"):
        row.previous = previous
        if row.seq == 2:
            row.facts = {**row.facts, "media_exposed": True}
        previous = event_hash(row_document(row, case_id))
        evidence.spoil(
            "UPDATE store_caseevent SET facts = %s, previous = %s, hash = %s WHERE id = %s",
            json.dumps(row.facts),
            row.previous,
            previous,
            row.pk,
        )
    evidence.spoil("UPDATE store_case SET head = %s WHERE id = %s", previous, case_id)

    assert {name for name, _ in told(look(evidence))} == {"rewritten"}


def test_it_finds_a_missing_event(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    evidence.spoil("DELETE FROM store_caseevent WHERE case_id = %s AND seq = 3", case_id)

    assert told(look(evidence)) == {("event_missing", 3)}


def test_it_finds_a_log_that_was_cut_at_the_end(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    last = CaseEvent.objects.filter(case_id=case_id).latest("seq")
    evidence.spoil("DELETE FROM store_caseevent WHERE id = %s", last.pk)
    assert told(look(evidence)) == {("log_cut", last.seq)}

    # The head of the case says the same as what is left: only the signed nights know better.
    evidence.spoil("UPDATE store_case SET version = %s, head = %s WHERE id = %s", last.seq - 1, last.previous, case_id)
    assert told(look(evidence)) == {("log_cut", last.seq)}


def test_it_finds_a_log_that_was_cut_and_written_on(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    last = CaseEvent.objects.filter(case_id=case_id).latest("seq")
    last.facts = {**last.facts, "media_exposed": False}
    fresh = event_hash(row_document(last, case_id))
    evidence.spoil(
        "UPDATE store_caseevent SET facts = %s, hash = %s WHERE id = %s", json.dumps(last.facts), fresh, last.pk
    )
    evidence.spoil("UPDATE store_case SET head = %s WHERE id = %s", fresh, case_id)

    assert told(look(evidence)) == {("rewritten", last.seq)}


def test_it_finds_whoever_was_counted_twice_or_is_not_counted_any_more(evidence: Evidence) -> None:
    """The stream of a matter is a log like that of a case."""
    last = MatterEvent.objects.latest("seq")
    evidence.spoil("""UPDATE store_matterevent SET facts = '{"counter": "ever"}' WHERE id = %s""", last.pk)
    assert told(look(evidence)) == {("event_changed", last.seq)}

    evidence.spoil("DELETE FROM store_matterevent WHERE id = %s", last.pk)
    evidence.spoil("UPDATE store_matter SET version = %s, head = %s", last.seq - 1, last.previous)
    assert told(look(evidence)) == {("log_cut", last.seq)}


def test_it_finds_a_case_that_is_missing_whole_and_names_it(evidence: Evidence) -> None:
    case_id = evidence.written.quiet
    name = number(case_id)
    bodies = "DELETE FROM store_eventbody WHERE event_id IN (SELECT id FROM store_caseevent WHERE case_id = %s)"
    evidence.spoil(bodies, case_id)
    evidence.spoil("DELETE FROM store_caseevent WHERE case_id = %s", case_id)
    evidence.spoil("DELETE FROM store_case WHERE id = %s", case_id)

    found = look(evidence)
    assert told(found) == {("case_missing", None)}
    assert found.findings[0].case == name


def test_it_finds_events_without_their_case(evidence: Evidence) -> None:
    evidence.spoil("DELETE FROM store_case WHERE id = %s", evidence.written.quiet)

    assert told(look(evidence)) == {("case_without_head", None)}


def test_it_finds_an_event_that_the_program_did_not_write(evidence: Evidence) -> None:
    case_id = evidence.written.quiet
    row = CaseEvent.objects.filter(case_id=case_id).latest("seq")
    row.seq, row.previous = row.seq + 1, row.hash
    evidence.spoil(
        f"INSERT INTO store_caseevent (seq, previous, hash, {_COPIED}) "
        f"SELECT %s, %s, %s, {_COPIED} FROM store_caseevent WHERE id = %s",
        row.seq,
        row.previous,
        event_hash(row_document(row, case_id)),
        row.pk,
    )

    assert ("events_beyond_head", row.seq) in told(look(evidence))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("unit_id", "(SELECT id FROM store_unit WHERE id <> unit_id LIMIT 1)"),
        ("received_at", "received_at - '1d'::interval"),
    ],
)
def test_it_finds_a_case_that_was_moved_without_its_log(evidence: Evidence, table: str, change: str) -> None:
    evidence.spoil(f"UPDATE store_case SET {table} = {change} WHERE id = %s", evidence.written.quiet)

    assert told(look(evidence)) == {("identity_changed", None)}


def test_it_finds_a_changed_text(evidence: Evidence) -> None:
    case_id = evidence.written.moved
    evidence.spoil(
        "UPDATE store_eventbody SET sealed = sealed || '\\x00'::bytea WHERE event_id = "
        "(SELECT id FROM store_caseevent WHERE case_id = %s AND seq = 1)",
        case_id,
    )
    assert told(look(evidence)) == {("body_changed", 1)}


def test_it_finds_a_text_that_was_put_in_another_ones_place(evidence: Evidence) -> None:
    evidence.spoil(
        "UPDATE store_eventbody b SET sealed = o.sealed FROM store_eventbody o, store_caseevent e, store_caseevent f "
        "WHERE e.id = b.event_id AND f.id = o.event_id AND b.data_class = o.data_class AND e.seq = 1 AND f.seq = 1 "
        "AND e.case_id = %s AND f.case_id = %s",
        evidence.written.moved,
        evidence.written.quiet,
    )
    assert told(look(evidence)) == {("body_changed", 1)}


@pytest.mark.parametrize(
    "destroy",
    [
        f"DELETE FROM store_eventbody WHERE event_id IN {_EVENTS}",
        "UPDATE store_case SET data_key = ''::bytea WHERE id = %s",
        f"DELETE FROM store_eventbody WHERE data_class = 'personal' AND event_id IN {_EVENTS}",
    ],
)
def test_it_calls_a_destroyed_text_destroyed_and_not_wrong(evidence: Evidence, destroy: str) -> None:
    evidence.spoil(destroy, evidence.written.quiet)

    found = look(evidence)
    assert found.faults == 0
    assert found.destroyed == 1
    assert told(found) == {("body_destroyed", 1)}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE store_signednight SET document = replace(document, 'T', 't') WHERE number = 2", {"night_unsigned"}),
        (
            "UPDATE store_signednight SET signature = reverse(signature) WHERE number = 2",
            {"night_unsigned", "copy_differs"},
        ),
        ("UPDATE store_signednight SET night = '2026-06-11' WHERE number = 2", {"night_changed", "nights_cut"}),
        ("DELETE FROM store_signednight WHERE number = 1", {"night_missing", "nights_cut"}),
        ("DELETE FROM store_signednight WHERE number = 2", {"nights_cut"}),
        ("DELETE FROM store_chainhead WHERE night_id = 1", {"list_changed"}),
        ("UPDATE store_chainhead SET version = version - 1 WHERE night_id = 2", {"list_changed"}),
        ("UPDATE store_policyversion SET canonical = canonical || ' '", {"policy_changed"}),
        ("UPDATE store_housechange SET name = 'x' WHERE seq = 1", {"house_changed"}),
        ("DELETE FROM store_housechange WHERE seq = 1", {"house_missing"}),
        ("DELETE FROM store_housechange WHERE seq = (SELECT max(seq) FROM store_housechange)", {"house_cut"}),
        ("UPDATE store_calendarversion SET document = jsonb_set(document, '{name}', '\"x\"')", {"calendar_changed"}),
    ],
)
def test_it_finds_nights_and_books_that_were_touched(evidence: Evidence, statement: str, expected: set[str]) -> None:
    evidence.spoil(statement)

    assert expected <= {name for name, _ in told(look(evidence))}


def test_it_finds_a_sealed_log_that_was_cut_when_asked_by_who_may(evidence: Evidence) -> None:
    evidence.spoil("UPDATE store_sealedevent SET actor = 'x' WHERE seq = 1")

    assert look(evidence).findings == ()
    assert told(look(evidence, is_sealed=True)) == {("event_changed", 1)}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM store_sealedfile", "file_missing"),
        ("UPDATE store_sealedfile SET content = content || '\\x00'::bytea", "file_changed"),
        ("UPDATE store_sealedfile SET details = content", "file_changed"),
    ],
)
def test_it_finds_a_file_under_seal_that_is_gone_or_another_one(
    evidence: Evidence, statement: str, expected: str
) -> None:
    evidence.spoil(statement)

    assert look(evidence).findings == ()
    assert told(look(evidence, is_sealed=True)) == {(expected, 1)}


def exchange(evidence: Evidence, content: bytes) -> None:
    """What somebody with the keys can do: another file, sealed as it should be, in the place of the one that came."""
    file = StoredFile.objects.select_related("case").get(case_id=evidence.written.quiet)
    evidence.stored().write_bytes(seal(data_key(file.case), content, file.pk.bytes))


def test_it_finds_another_file_in_the_place_of_the_one_that_came(evidence: Evidence) -> None:
    exchange(evidence, "停运一刻钟".encode())

    found = look(evidence)
    assert told(found) == {("file_changed", 1)}
    file = StoredFile.objects.get(case_id=evidence.written.quiet)
    assert (found.findings[0].case, found.findings[0].file) == (number(evidence.written.quiet), file.pk.hex)


def test_it_finds_another_file_also_where_its_row_was_made_to_fit(evidence: Evidence) -> None:
    """Before hashes stood in the log, whoever changed both was not found."""
    other = "停运一刻钟".encode()
    exchange(evidence, other)
    evidence.spoil("UPDATE store_storedfile SET sha256 = %s", hashlib.sha256(other).hexdigest())

    assert told(look(evidence)) == {("file_row_changed", 1)}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM store_storedfile", ("file_missing", 1)),
        ("UPDATE store_storedfile SET event_seq = 2", ("file_row_changed", 1)),
        ("UPDATE store_storedfile SET fact = 'letter'", ("file_row_changed", 1)),
        (
            """INSERT INTO store_storedfile (id, event_seq, fact, sha256, size, media_type, name, place, has_preview,
            added_at, case_id) SELECT gen_random_uuid(), event_seq, fact, sha256, size, media_type, name, place,
            has_preview, added_at, case_id FROM store_storedfile""",
            ("file_unproven", 1),
        ),
    ],
)
def test_it_finds_a_register_of_files_that_was_changed(
    evidence: Evidence, statement: str, expected: tuple[str, int]
) -> None:
    evidence.spoil(statement)

    assert told(look(evidence)) == {expected}


def test_it_finds_a_file_whose_bytes_are_gone_or_damaged(evidence: Evidence) -> None:
    evidence.stored().write_bytes(evidence.stored().read_bytes()[:-1])
    assert told(look(evidence)) == {("file_changed", 1)}

    evidence.stored().unlink()
    assert told(look(evidence)) == {("file_missing", 1)}


def test_it_asks_for_no_file_of_texts_that_were_destroyed(evidence: Evidence) -> None:
    evidence.spoil("DELETE FROM store_eventbody WHERE event_id IN " + _EVENTS, evidence.written.quiet)

    assert {name for name, _ in told(look(evidence))} == {"body_destroyed"}


def test_it_compares_a_file_whose_event_names_no_hash_with_the_register(evidence: Evidence) -> None:
    """As it was written before."""
    case = Case.objects.get(pk=evidence.written.quiet)
    row = EventBody.objects.get(event__case=case, event__seq=1, data_class="internal")
    texts = json.loads(unseal(data_key(case), bytes(row.sealed), body_context(case, 1, "internal")))
    texts["photos"] = [one["id"] for one in texts["photos"]]
    plain = {**read_bodies_by_class(case)[1], "internal": texts}
    evidence.spoil(
        "UPDATE store_eventbody SET sealed = %s WHERE id = %s",
        seal(data_key(case), canonical(texts), body_context(case, 1, "internal")),
        row.pk,
    )
    evidence.spoil("UPDATE store_caseevent SET body_digest = %s WHERE id = %s", body_digest(plain), row.event_id)
    assert not any(name.startswith("file") for name, _ in told(look(evidence)))

    exchange(evidence, "停运一刻钟".encode())
    assert ("file_changed", 1) in told(look(evidence))


def test_it_finds_a_sealed_case_that_is_missing_whole(evidence: Evidence) -> None:
    for table in ("sealedfile", "sealedbody", "sealedevent", "sealedcase"):
        evidence.spoil(f"DELETE FROM store_{table}")
    assert look(evidence).findings == ()
    assert told(look(evidence, is_sealed=True)) == {("case_missing", None)}

    evidence.spoil("DELETE FROM store_sealedchainhead")
    assert look(evidence).findings == ()
    assert {name for name, _ in told(look(evidence, is_sealed=True))} == {"sealed_list_changed"}


def forge_nothing(_evidence: Evidence) -> None: ...


def lose_a_copy(evidence: Evidence) -> None:
    next(evidence.nights.glob(f"*{FIRST}.json")).unlink()


def change_a_list(evidence: Evidence) -> None:
    path = next(evidence.nights.glob(f"*{SECOND}.list"))
    path.write_text(path.read_text("utf-8") + f"{'0' * 64} 1 {'0' * 64} {'0' * 64}\n", "utf-8")


def lose_the_folder(evidence: Evidence) -> None:
    evidence.nights.rename(evidence.nights.with_name("gone"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (forge_nothing, set()),
        (lose_a_copy, {"copy_missing"}),
        (change_a_list, {"copy_differs"}),
        (lose_the_folder, {"folder_unreadable"}),
    ],
)
def test_it_compares_the_copies_with_the_database(
    evidence: Evidence, change: Callable[[Evidence], Any], expected: set[str]
) -> None:
    change(evidence)
    assert {name for name, _ in told(look(evidence))} == expected


def test_a_list_tells_no_case_and_a_document_no_count(evidence: Evidence) -> None:
    texts = "".join(path.read_text("utf-8") for path in evidence.nights.iterdir())
    for case in Case.objects.all():
        assert str(case.pk) not in texts
        assert case.pk.hex not in texts
        assert case.number not in texts
    assert blinded(evidence.written.moved) in texts
    document = json.loads(SignedNight.objects.get(number=2).document)
    assert canonical(document).decode() == SignedNight.objects.get(number=2).document
    assert set(document) == {"format", "number", "night", "at", "previous", "key", "ordinary", "sealed", "house"} | {
        "matters"
    }
