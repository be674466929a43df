"""What a step asks: the fields of its form, in the order of the pack. Every form of the program starts here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kesu.policy.model.conditions import Condition
from kesu.policy.model.facts import Among, CaseKind, DataClass, Fact, FactType, MailPart, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Step
from kesu.policy.model.trees import above, last
from kesu.policy.standing.asked import facts_read, holds_of
from kesu.policy.standing.takers import Taker, may_state
from kesu.policy.values import YES


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose. `group` is the heading it stands under (a role slot among people); `unit`: of a person who
    is chosen among those of a department, which one."""

    value: str
    label: str
    group: str = ""
    clauses: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class AskedWhen:
    """When a form asks for a field: by what is chosen in it (`types`: of the facts that are looked at), and by what the
    case knows already."""

    when: Condition
    types: Mapping[str, FactType]
    known: Mapping[str, Value] = field(default_factory=dict)

    def holds(self, typed: Mapping[str, tuple[str, ...]]) -> bool:
        """`typed`: the answers of the form, in the words of the policy, by fact code."""
        chosen = {code: _read(kind, typed[code]) for code, kind in self.types.items() if any(typed.get(code, ()))}
        return holds_of(self.when, {**self.known, **chosen})


def _read(kind: FactType, texts: tuple[str, ...]) -> Value:
    if kind is FactType.CHOICES:
        return texts
    return texts[-1] == YES if kind is FactType.FLAG else texts[-1]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One fact as a form asks it. `options` of units, people and cases are filled by whoever knows the rows
    (`with_options`). `at_least`: so many signs must stand in a text. `document` is the name of the document that the
    field belongs to, empty for the step's own. `kinds`: of which kinds a case may be named in it. `read`: of a
    signature, the digest of what stands before the eyes of whoever signs (`signed_over`). `asked`: only then; None:
    always. `mail`: what it takes of a mail that is handed in. `most`: so many may be named; `among`: only people of the
    departments that the field of this code names, where it stands in the same form (`follows`) or is known already.
    `is_tree`: its options stand in levels, each named by its last name, with those above it as its group. `is_counted`:
    the person whom it names is one of those who complain."""

    code: str
    name: str
    type: FactType
    is_required: bool
    clauses: tuple[str, ...] = ()
    help: str = ""
    multiline: bool = False
    by_hand: bool = False
    at_least: int = 0
    options: tuple[Option, ...] = ()
    document: str = ""
    data: DataClass = DataClass.INTERNAL
    kinds: tuple[CaseKind, ...] = ()
    read: str = ""
    asked: AskedWhen | None = None
    mail: MailPart | None = None
    most: int = 0
    among: Among | None = None
    follows: str = ""
    is_tree: bool = False
    is_counted: bool = True


def fields_of(kind: Kind, step: Step) -> tuple[FieldView, ...]:
    """What must be stated first (asked facts, then the fields of the documents it fills), then what may be; last of all
    what is signed: whoever signs has the rest above his hand."""
    found: dict[str, FieldView] = {}
    for code, is_required, document in _named(kind, step):
        fact = kind.facts.get(code)
        if fact is not None and fact.derive is None and not fact.drawn and code not in found:
            found[code] = _field(kind, fact, is_required=is_required, document=document)
    return tuple(sorted(found.values(), key=lambda field: field.by_hand))


def fields_for(kind: Kind, step: Step, taker: Taker) -> tuple[FieldView, ...]:
    """The same for somebody: without what may be left out and only others may state."""
    fields = fields_of(kind, step)
    return tuple(one for one in fields if one.is_required or may_state(kind.facts[one.code], step, taker))


def public_fields_of(kind: Kind, step: Step) -> tuple[FieldView, ...]:
    """The same for a person who stands outside: without what the program states for him and what only staff may."""
    return tuple(field for field in fields_of(kind, step) if _is_public(kind, field.code))


def words_of(kind: Kind, step: Step) -> str:
    """The fact in which whoever opens a case says in his own words what it is about: the first long text that the step
    asks, else its title."""
    asked = (kind.facts[code] for code in step.asks if code in kind.facts)
    long = (fact.code for fact in asked if fact.type is FactType.TEXT and fact.multiline)
    return next(long, kind.title_fact)


def _is_public(kind: Kind, code: str) -> bool:
    reserved = kind.facts[code].by
    return code not in kind.portal_facts and (not reserved or COMPLAINANT in reserved)


def field_of(kind: Kind, code: str, *, is_required: bool) -> FieldView:
    """One fact of the kind as a field. Raises KeyError for a code that is none."""
    return _field(kind, kind.facts[code], is_required=is_required, document="")


def _named(kind: Kind, step: Step) -> Iterator[tuple[str, bool, str]]:
    for code in step.asks:
        yield code, True, ""
    for form in step.forms:
        document = kind.documents.get(form)
        for code in document.fields if document else ():
            yield code, True, document.name if document else ""
    for code in step.may_state:
        yield code, False, ""


def _field(kind: Kind, fact: Fact, *, is_required: bool, document: str) -> FieldView:
    levels = {level.code: level.name for level in kind.levels.order} if kind.levels else {}
    options = tuple(
        Option(value, last(value), above(value), clauses=_clause_of(fact, value))
        if fact.is_tree
        else Option(value, levels.get(value, value), clauses=_clause_of(fact, value))
        for value in fact.values
    )
    return FieldView(
        code=fact.code,
        name=fact.name,
        type=fact.type,
        is_required=is_required,
        clauses=fact.clauses,
        help=fact.help or "",
        multiline=fact.multiline,
        by_hand=fact.by_hand,
        at_least=fact.at_least,
        options=options,
        document=document,
        data=fact.data,
        kinds=kind.cases_of(fact) if fact.type is FactType.CASE else (),
        asked=_asked(kind, fact),
        mail=fact.mail,
        most=fact.most,
        among=fact.among,
        is_tree=fact.is_tree,
        is_counted=fact.is_counted,
    )


def _asked(kind: Kind, fact: Fact) -> AskedWhen | None:
    if fact.asked_when is None:
        return None
    return AskedWhen(fact.asked_when, {code: kind.facts[code].type for code in facts_read(fact.asked_when)})


def _clause_of(fact: Fact, value: str) -> tuple[str, ...]:
    clause = fact.value_clauses.get(value)
    return (clause,) if clause else ()


def with_options(
    fields: Iterable[FieldView],
    *,
    units: tuple[Option, ...] = (),
    people: tuple[Option, ...] = (),
    cases: Mapping[str, tuple[Option, ...]] = MappingProxyType({}),
) -> tuple[FieldView, ...]:
    """The same fields with the rows that the reader may choose; `cases` by the code of the fact."""
    known = {FactType.UNIT: units, FactType.UNITS: units, FactType.GROUP: people}
    return tuple(
        replace(field, options=cases.get(field.code, ()) if field.type is FactType.CASE else known[field.type])
        if field.type in known or field.type is FactType.CASE
        else field
        for field in fields
    )


def with_known(fields: Iterable[FieldView], known: Mapping[str, Value]) -> tuple[FieldView, ...]:
    """The same fields, without those that what is known settles: they are not asked, whatever is chosen in the form."""
    own = tuple(fields)
    open_ones = {field.code for field in own}
    found: list[FieldView] = []
    for one in own:
        asked = replace(one.asked, known=known) if one.asked else None
        is_open = asked is not None and bool(open_ones & set(asked.types))
        if asked is None or is_open or asked.holds({}):
            found.append(replace(one, asked=asked if is_open else None))
    return tuple(found)


def once_for_all(fields: Iterable[FieldView], known: Mapping[str, Value]) -> tuple[FieldView, ...]:
    """The same for a page that does not redraw itself while somebody chooses: what depends on his choice stands there
    from the start and may be left empty. What was chosen decides when it is sent."""
    return tuple(replace(one, is_required=False) if one.asked else one for one in with_known(fields, known))


def asked_now(fields: Iterable[FieldView], typed: Mapping[str, tuple[str, ...]]) -> tuple[FieldView, ...]:
    """The fields that a form asks while this is chosen in it. Every form is drawn and read by them."""
    return tuple(field for field in fields if field.asked is None or field.asked.holds(typed))


def following(field: FieldView, typed: Mapping[str, tuple[str, ...]]) -> FieldView:
    """The field with the people of the departments that are chosen in the form; before one is, with those of all. What
    was chosen otherwise is refused when it is sent, and not forgotten before."""
    chosen = [unit for unit in typed.get(field.follows, ()) if unit] if field.follows else []
    return replace(field, options=tuple(one for one in field.options if one.unit in chosen)) if chosen else field


def signed_over(fields: Iterable[FieldView], read: str) -> tuple[FieldView, ...]:
    """The same fields, the signatures among them tied to what is read (its digest)."""
    return tuple(replace(field, read=read) if field.by_hand else field for field in fields)


def opening_step(kind: Kind) -> Step:
    """The step that opens a case of this kind."""
    assert kind.opening is not None  # no policy without one is taken
    return kind.opening
