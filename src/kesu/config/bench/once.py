"""Whether what time brought about happened once: each act that the engine asks for, and each message, neither lost nor
doubled, and none before its instant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.config.bench.waves import PREFIX, Expected
from kesu.store.models import Case, CaseEvent, OutboxMessage

_AT_ONCE: Final = 2_000


def next_figure() -> int:
    """Of the number of the next case that lies untouched."""
    last = Case.objects.filter(number__startswith=f"{PREFIX}-").order_by("-number").values_list("number", flat=True)
    found = last.first()
    return int(found.rpartition("-")[2]) + 1 if found else 1


def breaches(expected: Sequence[Expected], until: datetime) -> Iterator[str]:
    """Each in a sentence. `until`: what was told of the cases ends there."""
    for start in range(0, len(expected), _AT_ONCE):
        some = {one.case: one for one in expected[start : start + _AT_ONCE]}
        done, sent = _done(some, until), _sent(some, until)
        for case, one in some.items():
            yield from _of_acts(one, done[case])
            yield from _of_messages(one, sent[case])


def not_once(cases: Sequence[UUID], kind: str) -> int:
    """How many of the cases do not have exactly one event of this kind."""
    found = 0
    for start in range(0, len(cases), _AT_ONCE):
        some = set(cases[start : start + _AT_ONCE])
        had = Counter(CaseEvent.objects.filter(case_id__in=some, kind=kind).values_list("case_id", flat=True))
        found += sum(had[case] != 1 for case in some)
    return found


def _done(cases: Mapping[UUID, Expected], until: datetime) -> dict[UUID, list[tuple[str, datetime]]]:
    rows = CaseEvent.objects.filter(case_id__in=cases, facts__has_key="effect", recorded_at__lte=until)
    found = defaultdict(list)
    for case, facts, at in rows.values_list("case_id", "facts", "recorded_at"):
        found[case].append((str(facts["effect"]), at))
    return found


def _sent(cases: Mapping[UUID, Expected], until: datetime) -> dict[UUID, list[str]]:
    rows = OutboxMessage.objects.filter(case_id__in=cases, created_at__lte=until)
    found = defaultdict(list)
    for case, key in rows.values_list("case_id", "key"):
        found[case].append(key.removeprefix(f"{case}/"))
    return found


def _of_acts(one: Expected, done: Sequence[tuple[str, datetime]]) -> Iterator[str]:
    counted: dict[str, int] = defaultdict(int)
    for key, at in done:
        counted[key] += 1
        if key in one.due and at < one.due[key]:
            yield f"诉件 {one.case} 的 {key} 早了：{at:%m-%d %H:%M:%S}，应在 {one.due[key]:%m-%d %H:%M:%S}"
    for key in {*counted, *one.due}:
        wanted = int(key in one.due)
        if counted[key] != wanted:
            yield f"诉件 {one.case} 的 {key} 做了 {counted[key]} 次，应为 {wanted} 次"


def _of_messages(one: Expected, sent: Sequence[str]) -> Iterator[str]:
    """A key can be there only once: the table sees to that."""
    for key in one.messages ^ set(sent):
        yield f"诉件 {one.case} 的消息 {key} " + ("没有" if key in one.messages else "多出来")
