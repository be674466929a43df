"""The rules of a kind one by one, each with its address, its clauses and how strictly it is honoured; and the kind
without one of them, so that a scenario can be asked whether it would notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Final, TypeVar

from kesu.policy.model.conditions import Always, Table
from kesu.policy.model.facts import Fact
from kesu.policy.model.pack import Enforcement, Kind, Pack
from kesu.policy.model.rules import GENERIC, Duty, Guard, Notice, Severity, Step
from kesu.policy.model.samples import Sample

R = TypeVar("R")
_ROW: Final = re.compile(r"(steps|duties|notices)\.(?P<code>[a-z0-9_]+)\.(?P<field>[a-z_]+)\[(?P<number>\d+)\]")


@dataclass(frozen=True, slots=True)
class Rule:
    """`address` is where it stands in the kind's file. `executed`: the engine acts on it, so that a scenario can prove
    it; the others are shown or kept (roles, stages, guidance, promises) or enforced by access (seals)."""

    address: str
    name: str
    clauses: tuple[str, ...]
    enforcement: Enforcement
    executed: bool = True


def rules_of(kind: Kind) -> tuple[Rule, ...]:
    """Every rule of the kind, in the order of its file."""
    return tuple(rule for section in _SECTIONS.values() for rule in section(kind))


def is_its_own(kind: Kind, rule: Rule) -> bool:
    """Whether the pack answers for the rule: a clause of its document asks for it, or it fills what that lacks. The
    others are proved where they come from."""
    return bool(set(rule.clauses) - {GENERIC}) or rule.address in kind.unwritten


def demands_of(pack: Pack) -> tuple[Rule, ...]:
    """What the policy demands of others: held against them when a policy is checked and before it takes effect."""
    demands = pack.charter.requires.values()
    return tuple(
        Rule(f"requires.{one.code}", one.name, one.clauses, Enforcement.GUARD, executed=False) for one in demands
    )


def _stages(kind: Kind) -> Iterator[Rule]:
    for code, stage in kind.stages.items():
        yield Rule(f"stages.{code}", stage.name, stage.clauses, Enforcement.RECORD, executed=False)


def _facts(kind: Kind) -> Iterator[Rule]:
    for code, fact in kind.facts.items():
        enforcement = Enforcement.AUTOMATIC if fact.is_worked_out else Enforcement.RECORD
        yield Rule(f"facts.{code}", fact.name, fact.clauses, enforcement)
        for value, clause in fact.value_clauses.items():
            yield Rule(f"facts.{code}.values.{value}", f"{fact.name}：{value}", (clause,), Enforcement.RECORD)
        for number, addition in enumerate(fact.adds, start=1):
            role = kind.roles.get(addition.role)
            name = f"{fact.name}自动加入{role.name if role else addition.role}"
            yield Rule(f"facts.{code}.adds[{number}]", name, addition.clauses, Enforcement.AUTOMATIC)


def _with_rows(ruled: Step | Duty | Notice, rule: Rule) -> Iterator[Rule]:
    """The rule, and each row of its tables that stands under a clause of its own."""
    yield rule
    for name, table in tables_of(ruled):
        for number, row in enumerate(table.rows, start=1):
            if row.clauses:
                yield replace(rule, address=f"{rule.address}.{name}[{number}]", clauses=row.clauses)


def tables_of(ruled: Step | Duty | Notice) -> Iterator[tuple[str, Table[Any]]]:
    """The tables of a rule, by field."""
    for field in fields(ruled):
        value = getattr(ruled, field.name)
        if isinstance(value, Table):
            yield field.name, value


def row_of(address: str) -> tuple[str, str, int] | None:
    """Code, field and number (from 1) of the row that an address names; None for a whole rule."""
    found = _ROW.fullmatch(address)
    return (found["code"], found["field"], int(found["number"])) if found else None


def _roles(kind: Kind) -> Iterator[Rule]:
    for code, role in kind.roles.items():
        yield Rule(f"roles.{code}", role.name, role.clauses, Enforcement.RECORD, executed=False)


def _events(kind: Kind) -> Iterator[Rule]:
    """Those for which a clause asks: the others are only names for other rules to use."""
    for code, event in kind.events.items():
        if event.clauses:
            yield Rule(f"events.{code}", event.name, event.clauses, Enforcement.AUTOMATIC)


def _levels(kind: Kind) -> Iterator[Rule]:
    if kind.levels is None:
        return
    names = {level.code: level.name for level in kind.levels.order}
    for number, rule in enumerate(kind.levels.rules, start=1):
        name = f"{names[rule.level]}：{rule.name}" if rule.name else names[rule.level]
        yield Rule(f"levels.rules[{number}]", name, rule.clauses, Enforcement.AUTOMATIC)


def _steps(kind: Kind) -> Iterator[Rule]:
    for code, step in kind.steps.items():
        if step.approval is None:
            undo = (clause for row in step.undo for clause in row.clauses)
            clauses = tuple(dict.fromkeys((*step.clauses, *undo)))
            yield from _with_rows(step, Rule(f"steps.{code}", step.name, clauses, Enforcement.GUARD))


def _guards(kind: Kind) -> Iterator[Rule]:
    for code, guard in kind.guards.items():
        yield Rule(f"guards.{code}", guard.says, guard.clauses, Enforcement.GUARD)


def _separations(kind: Kind) -> Iterator[Rule]:
    for code, one in kind.separations.items():
        yield Rule(f"separations.{code}", one.says, one.clauses, Enforcement.GUARD)


def _wording(kind: Kind) -> Iterator[Rule]:
    for code, wording in kind.wording.items():
        yield Rule(f"wording.{code}", wording.says, wording.clauses, Enforcement.REMINDER, executed=False)


def _approvals(kind: Kind) -> Iterator[Rule]:
    for code, approval in kind.approvals.items():
        yield Rule(f"approvals.{code}", approval.name, approval.clauses, Enforcement.GUARD)


def _duties(kind: Kind) -> Iterator[Rule]:
    for code, duty in kind.duties.items():
        enforcement = Enforcement.AUTOMATIC if duty.severity is Severity.HARD else Enforcement.REMINDER
        own = (clause for row in duty.within.rows for limit in row.use for clause in limit.clauses)
        clauses = tuple(dict.fromkeys((*duty.clauses, *own)))
        yield from _with_rows(duty, Rule(f"duties.{code}", duty.name, clauses, enforcement))


def _notices(kind: Kind) -> Iterator[Rule]:
    for code, notice in kind.notices.items():
        yield from _with_rows(notice, Rule(f"notices.{code}", notice.name, notice.clauses, Enforcement.AUTOMATIC))


def _carried_out(section: str) -> Callable[[Kind], Iterator[Rule]]:
    """The rules of a section that the program carries out by itself, one to each entry."""

    def rules(kind: Kind) -> Iterator[Rule]:
        for code, rule in getattr(kind, section).items():
            yield Rule(f"{section}.{code}", rule.name, rule.clauses, Enforcement.AUTOMATIC)

    return rules


def _documents(kind: Kind) -> Iterator[Rule]:
    for code, document in kind.documents.items():
        yield Rule(f"documents.{code}", document.name, document.clauses, Enforcement.RECORD)


def _schedule(kind: Kind) -> Iterator[Rule]:
    if kind.schedule is not None:
        yield Rule("schedule", kind.name, kind.schedule.clauses, Enforcement.AUTOMATIC)


def _secrecy(kind: Kind) -> Iterator[Rule]:
    secrecy = kind.secrecy
    if secrecy is not None:
        name = secrecy.says or "保密"
        yield Rule("secrecy", name, secrecy.clauses, Enforcement.AUTOMATIC, executed=not secrecy.sealed)


def _words(kind: Kind) -> Iterator[Rule]:
    for code, guidance in kind.guidance.items():
        yield Rule(f"guidance.{code}", guidance.text, guidance.clauses, Enforcement.MANUAL, executed=False)
    for code, promise in kind.promises.items():
        yield Rule(f"promises.{code}", promise.text, promise.clauses, Enforcement.RECORD, executed=False)


_SECTIONS: Final[dict[str, Callable[[Kind], Iterator[Rule]]]] = {
    "stages": _stages, "facts": _facts, "roles": _roles, "events": _events, "levels": _levels,
    "steps": _steps, "guards": _guards, "separations": _separations, "wording": _wording,
    "approvals": _approvals, "duties": _duties, "notices": _notices, "opens": _carried_out("opens"),
    "ledgers": _carried_out("ledgers"), "measures": _carried_out("measures"), "samples": _carried_out("samples"),
    "publishes": _carried_out("publishes"), "documents": _documents,
    "schedule": _schedule, "words": _words, "secrecy": _secrecy,
}  # fmt: skip


def without(kind: Kind, rule: Rule) -> Kind:
    """The kind as if `rule` had never been written. Raises `KeyError` for a rule that the engine does not execute."""
    section, _, code = rule.address.partition(".")
    if not rule.executed:
        raise KeyError(rule.address)
    return _WITHOUT[section](kind, code)


def _whole_or_row(section: str) -> Callable[[Kind, str], Kind]:
    """Takes one rule of the section away, or one row of its tables: what the row before says holds instead, or, of the
    first, what the others say."""

    def taken_away(kind: Kind, address: str) -> Kind:
        rules: Mapping[str, Any] = getattr(kind, section)
        with_section: Callable[..., Kind] = partial(replace, kind)
        row = row_of(f"{section}.{address}")
        if row is None:
            return with_section(**{section: _dropped(rules, address)})
        code, name, number = row
        table: Table[Any] = getattr(rules[code], name)
        rows = (*table.rows[: number - 1], *table.rows[number:])
        if number == len(table.rows) and rows:
            rows = (*rows[:-1], replace(rows[-1], when=Always()))
        return with_section(**{section: {**rules, code: replace(rules[code], **{name: Table(rows)})}})

    return taken_away


def _dropped(table: Mapping[str, R], code: str) -> dict[str, R]:
    return {other: entry for other, entry in table.items() if other != code}


def _without_level(kind: Kind, code: str) -> Kind:
    assert kind.levels is not None
    index = int(code.removeprefix("rules[").removesuffix("]")) - 1
    rules = tuple(rule for number, rule in enumerate(kind.levels.rules) if number != index)
    return replace(kind, levels=replace(kind.levels, rules=rules))


def _without_approval(kind: Kind, code: str) -> Kind:
    steps = {other: step for other, step in kind.steps.items() if step.approval != code}
    return replace(kind, approvals=_dropped(kind.approvals, code), steps=steps)


def _without_document(kind: Kind, code: str) -> Kind:
    def emptied(step: Step) -> Step:
        return replace(step, forms=tuple(form for form in step.forms if form != code))

    steps = {other: emptied(step) for other, step in kind.steps.items()}
    return replace(kind, steps=steps, documents=_dropped(kind.documents, code))


def _without_fact(kind: Kind, code: str) -> Kind:
    """A derived fact stays unstated; a stated one can be stated nowhere; one value of a choice is refused."""
    code, _, part = code.partition(".")
    fact = kind.facts[code]
    if part.startswith("adds["):
        index = int(part.removeprefix("adds[").removesuffix("]")) - 1
        adds = tuple(addition for number, addition in enumerate(fact.adds) if number != index)
        return _with_fact(kind, replace(fact, adds=adds))
    if part:
        value = part.removeprefix("values.")
        return _with_fact(kind, replace(fact, values=tuple(each for each in fact.values if each != value)))
    if fact.is_worked_out:
        return _with_fact(kind, replace(fact, derive=None, measured=None, counted=None))

    def silent(step: Step) -> Step:
        asks = tuple(each for each in step.asks if each != code)
        return replace(step, asks=asks, may_state=tuple(each for each in step.may_state if each != code))

    documents = {
        other: replace(document, fields=tuple(each for each in document.fields if each != code))
        for other, document in kind.documents.items()
    }
    events = {
        other: replace(event, facts=tuple(each for each in event.facts if each != code))
        for other, event in kind.events.items()
    }
    steps = {other: silent(step) for other, step in kind.steps.items()}
    guards = {other: _not_asking(guard, code) for other, guard in kind.guards.items()}
    samples = {other: _not_bringing(sample, code) for other, sample in kind.samples.items()}
    return replace(kind, steps=steps, documents=documents, events=events, guards=guards, samples=samples)


def _not_bringing(sample: Sample, fact: str) -> Sample:
    return replace(sample, brings={own: word for own, word in sample.brings.items() if own != fact})


def _not_asking(guard: Guard, fact: str) -> Guard:
    needs = (replace(need, codes=tuple(code for code in need.codes if code != fact)) for need in guard.needs)
    return replace(guard, needs=tuple(needs))


def _with_fact(kind: Kind, fact: Fact) -> Kind:
    return replace(kind, facts={**kind.facts, fact.code: fact})


_WITHOUT: Final[dict[str, Callable[[Kind, str], Kind]]] = {
    "facts": _without_fact,
    "events": lambda kind, code: replace(kind, events=_dropped(kind.events, code)),
    "levels": _without_level,
    "steps": _whole_or_row("steps"),
    "guards": lambda kind, code: replace(kind, guards=_dropped(kind.guards, code)),
    "separations": lambda kind, code: replace(kind, separations=_dropped(kind.separations, code)),
    "approvals": _without_approval,
    "duties": _whole_or_row("duties"),
    "notices": _whole_or_row("notices"),
    "opens": lambda kind, code: replace(kind, opens={**kind.opens, code: replace(kind.opens[code], starts=())}),
    "documents": _without_document,
    "ledgers": lambda kind, code: replace(kind, ledgers=_dropped(kind.ledgers, code)),
    "measures": lambda kind, code: replace(kind, measures=_dropped(kind.measures, code)),
    "samples": lambda kind, code: replace(kind, samples={**kind.samples, code: replace(kind.samples[code], starts=())}),
    "publishes": lambda kind, code: replace(kind, publishes=_dropped(kind.publishes, code)),
    "schedule": lambda kind, _code: replace(kind, schedule=None),
    "secrecy": lambda kind, _code: replace(kind, secrecy=None),
}
