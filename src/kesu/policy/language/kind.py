"""One kind of case: its top-level keys and all its sections, then the checks that need the whole."""

from __future__ import annotations

from itertools import chain
from typing import Final

from kesu.policy.calendar import Unit
from kesu.policy.language.allowing import acting_facts
from kesu.policy.language.approvals import read_approval, steps_of
from kesu.policy.language.cast import read_event, read_role, read_stage
from kesu.policy.language.checks import check_kind
from kesu.policy.language.copying import copy_facts, copy_notices, with_copies
from kesu.policy.language.documents import read_document
from kesu.policy.language.duties import read_duty, with_steps
from kesu.policy.language.facts import generated_facts, read_fact
from kesu.policy.language.footing import unwritten_in
from kesu.policy.language.guards import read_guard
from kesu.policy.language.ledgers import read_ledger
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.levels import read_levels
from kesu.policy.language.measures import read_measure
from kesu.policy.language.nodes import Map
from kesu.policy.language.notices import read_guidance, read_notice, read_promise
from kesu.policy.language.opens import read_linked_case
from kesu.policy.language.operands import read_value
from kesu.policy.language.phrasing import read_wording
from kesu.policy.language.publications import read_publication
from kesu.policy.language.reading import Fields, Place, Scope, each_of, read_count, read_flag
from kesu.policy.language.samples import read_sample
from kesu.policy.language.schedule import UNIT_KINDS, check_schedule, read_schedule
from kesu.policy.language.secrecy import read_secrecy
from kesu.policy.language.sections import read_section
from kesu.policy.language.separations import read_separation
from kesu.policy.language.shares import with_shares
from kesu.policy.language.steps import read_step
from kesu.policy.language.tables import note_idle_tables
from kesu.policy.language.ways import WAYS, with_ways
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind, Numbering
from kesu.policy.model.rules import Step

KIND_KEYS: Final = (
    "kind", "name", "numbering", "holder", "title", "place", "list", "portal", "portal_facts", "chat", "start",
    "backdate", "alike", "in", "stages", "facts", "roles", "events", "steps", "guards", "separations", "wording",
    "approvals", "duties", "notices", "documents", "guidance", "tables", "promises", "opens", "ledgers", "measures",
    "samples", "publishes", "levels", "secrecy", "schedule", "written_by", "keeps", "note",
)  # fmt: skip
_BACKDATE: Final = 3
_ALIKE: Final = 30


def read_kind(tree: Map, scope: Scope) -> Kind:
    """The compiled kind. `scope` holds the names that its rules may use and takes the mistakes."""
    fields = Fields(Place(tree, ""), scope, KIND_KEYS)
    approvals = read_section(tree, "approvals", scope, read_approval)
    levels, by_hand = read_levels(tree, scope)
    steps = read_section(tree, "steps", scope, read_step)
    for step in (*chain.from_iterable(map(steps_of, approvals.values())), *by_hand):
        _add_step(steps, step, tree, scope)
    with_copies(steps, approvals)
    facts = read_section(tree, "facts", scope, read_fact)
    facts.update(generated_facts(facts, steps, signs=bool(approvals), levels=scope.names.levels))
    facts.update((one.code, one) for one in (*acting_facts(approvals), *copy_facts(approvals)))
    notices = read_section(tree, "notices", scope, read_notice)
    notices.update((one.code, one) for one in copy_notices(tree, scope, approvals))
    kind = Kind(
        code=fields.need_text("kind"),
        name=fields.need_text("name"),
        numbering=fields.need("numbering", _read_numbering, Numbering("")),
        holder=fields.need("holder", lambda at, on: on.named("role", at), ""),
        title_fact=fields.need("title", _read_title, ""),
        place_fact=fields.named("fact", "place"),
        list_facts=fields.each("fact", "list"),
        start_stage=fields.read("start", lambda at, on: on.named("stage", at), _first_stage(steps)),
        stages=read_section(tree, "stages", scope, read_stage),
        facts=facts,
        roles=read_section(tree, "roles", scope, read_role),
        events=read_section(tree, "events", scope, read_event, keyed_by_event=True),
        steps=steps,
        guards=read_section(tree, "guards", scope, read_guard),
        separations=read_section(tree, "separations", scope, read_separation),
        wording=read_section(tree, "wording", scope, read_wording),
        approvals=approvals,
        duties=with_steps(with_shares(read_section(tree, "duties", scope, read_duty), tree, scope), steps),
        notices=notices,
        documents=read_section(tree, "documents", scope, read_document),
        guidance=read_section(tree, "guidance", scope, read_guidance),
        promises=read_section(tree, "promises", scope, read_promise),
        ledgers=read_section(tree, "ledgers", scope, read_ledger),
        measures=read_section(tree, "measures", scope, read_measure),
        samples=read_section(tree, "samples", scope, read_sample),
        publishes=read_section(tree, "publishes", scope, read_publication),
        opens=read_section(tree, "opens", scope, read_linked_case),
        lies_in=fields.read("in", each_of(UNIT_KINDS), ()),
        written_by=fields.read("written_by", each_of(WAYS), ()),
        levels=levels,
        secrecy=read_secrecy(tree, scope),
        schedule=read_schedule(tree, scope),
        backdate_days=fields.read("backdate", _read_days, _BACKDATE),
        alike_days=fields.read("alike", _read_days, _ALIKE),
        unwritten=unwritten_in(tree),
        portal=fields.flag("portal"),
        portal_facts=fields.read("portal_facts", _read_portal_facts, {}),
        chat=fields.read("chat", read_flag, fields.flag("portal")),
    )
    kind = with_ways(kind)
    _note_where(kind, fields)
    note_idle_tables(tree, scope)
    check_kind(kind, tree, scope)
    check_schedule(kind, tree, scope)
    return kind


def _add_step(steps: dict[str, Step], step: Step, tree: Map, scope: Scope) -> None:
    if step.code in steps:
        place = Place(tree, "").child("steps").child(step.code, is_code=True)
        scope.note(place.flaw(f"{step.code} 由程序生成，步骤请另取代码。", at_key=True))
    steps[step.code] = step


def _first_stage(steps: dict[str, Step]) -> str:
    for step in steps.values():
        if step.starts_case and step.to is not None:
            return next((row.use for row in step.to.rows if row.use), "")
    return ""


def _read_numbering(place: Place, scope: Scope) -> Numbering:
    fields = Fields(place, scope, ("prefix", "digits", "random"))
    prefix, digits = fields.need_text("prefix"), fields.read("digits", read_count, 4)
    if not 3 <= digits <= 9:
        scope.note(place.flaw("编号的位数应在 3 到 9 之间。"))
    return Numbering(prefix, digits, fields.flag("random"))


def _read_portal_facts(place: Place, scope: Scope) -> dict[str, str]:
    """What the program states itself when a customer submits: the channel, say. One of the fact's own choices."""
    stated: dict[str, str] = {}
    for entry in place.codes():
        fact = scope.names.facts[scope.named("fact", entry, entry.key)]
        if fact.type is not FactType.CHOICE:
            raise entry.flaw(f"{fact.code}（{fact.name}）不是单选（choice）类型，不能代填。", at_key=True)
        stated[fact.code] = str(read_value(entry, scope, fact))
    return stated


def _read_title(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.TEXT:
        raise place.flaw(f"{fact.code}（{fact.name}）不是文字（text）类型，不能作标题。")
    return fact.code


def _note_where(kind: Kind, fields: Fields) -> None:
    """Conversations where nobody may submit; kinds of units where something else decides already where cases lie."""
    if kind.chat and not kind.portal:
        flaw = "公众不能提交的，也不能在线咨询。"
        fields.scope.note(fields.place.child("chat").flaw(flaw, expected="请加 portal: 是，或去掉 chat。", at_key=True))
    if not kind.lies_in:
        return
    place = fields.place.child("in")
    if kind.schedule is not None:
        fields.scope.note(place.flaw("定期开立的案件，在哪一级写在 schedule（定期开立）里。", at_key=True))
    elif kind.is_sealed or kind.portal:
        who = "密封的案件" if kind.is_sealed else "公众可提交的案件"
        fields.scope.note(
            place.flaw(f"{who}由来的人选在哪里，不能写在哪一级。", expected="请去掉 in（在哪一级）。", at_key=True)
        )


def _read_days(place: Place, scope: Scope) -> int:
    duration = read_duration(place, scope)
    if duration.unit is not Unit.DAY:
        raise place.flaw("这里按天写，如 3天。")
    return duration.amount
