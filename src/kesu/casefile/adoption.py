"""Puts a resolved policy and a calendar into the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import overlays, tongues
from kesu.casefile.library import offered
from kesu.policy.calendar import Calendar
from kesu.policy.loader import words_in
from kesu.policy.model.pack import Pack
from kesu.policy.model.rules import EVERYONE
from kesu.store.models import (
    Adoption,
    CalendarVersion,
    OverlayAdoption,
    PolicyProposal,
    PolicyText,
    PolicyVersion,
    Post,
    PostSlot,
    RoleGrant,
    SlotRole,
    Unit,
)


def store_policy(
    pack: Pack,
    *,
    at: datetime,
    adopted_by: UUID | None,
    signatures: Sequence[str],
    parent: PolicyVersion | None = None,
) -> PolicyVersion:
    """The same text is stored once, however often it is adopted. `parent`: what was adopted, where this is the text of
    it with overlays on."""
    row, _ = PolicyVersion.objects.get_or_create(
        hash=pack.hash,
        defaults={
            "pack": pack.code,
            "version": pack.version,
            "title": pack.title,
            "document_number": pack.document_number,
            "status": pack.status,
            "canonical": pack.canonical,
            "signatures": list(signatures),
            "adopted_at": at,
            "adopted_by_id": adopted_by,
            "parent": parent,
        },
    )
    store_texts(row, pack.texts)
    return row


def store_texts(policy: PolicyVersion, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Puts what the library says now over what stood there; what it no longer says stays. Words that the adopted text
    does not hold are left out."""
    held = set(words_in(policy.canonical).values())
    known = {row.language: row for row in PolicyText.objects.filter(policy_version=policy)}
    for language, words in texts.items():
        code = language.lower()
        row = known.get(code) or PolicyText(policy_version=policy, language=code, words={})
        said = row.words | {word: text for word, text in words.items() if word in held}
        if said != row.words:
            row.words = said
            row.save()
            transaction.on_commit(tongues.forget)


def store_calendar(calendar: Calendar, *, at: datetime) -> CalendarVersion:
    row, _ = CalendarVersion.objects.get_or_create(
        version=calendar.version,
        defaults={"name": calendar.name, "document": calendar.to_document(), "created_at": at},
    )
    return row


def empty_slots(pack: Pack, unit: Unit) -> list[tuple[str, str, tuple[str, ...]]]:
    """Slots of the pack that no post in or above this unit's tree fills: (role, name, clauses). Those that are open to
    somebody outside of the house may stay empty: a link fills them, case by case."""
    outside = {role.code for kind in pack.kinds.values() for role in kind.roles.values() if role.outside}
    slots = slots_of(pack)
    posts = PostSlot.objects.filter(slot__in=slots)
    root = unit.path.split("/")[1]
    filled = set(posts.filter(post__unit__path__startswith=f"/{root}/").values_list("slot", flat=True))
    return [(code, name, clauses) for code, (name, clauses) in slots.items() if code not in filled | outside]


def slots_of(pack: Pack) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name and clauses, by code, of what people of the house are to fill: a slot of several kinds stands under the
    clauses of all of them. Those of an overlay are its own; the others are filled for the policy that it lies on."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    own = overlays.own_slots(pack)
    for role in (role for kind in pack.kinds.values() for role in kind.roles.values()):
        if role.code not in NOBODY and (role.code in own or not pack.charter.is_overlay):
            name, clauses = found.get(role.code, (role.name, ()))
            found[role.code] = (name, tuple(dict.fromkeys((*clauses, *role.clauses))))
    return found


def slots_offered() -> dict[str, str]:
    """Names, by code, of the slots that the policies on offer have for people of the house, in their order."""
    found: dict[str, str] = {}
    for pack in offered().values():
        for code, (name, _clauses) in slots_of(pack).items():
            found.setdefault(code, name)
    return found


NOBODY = frozenset({EVERYONE, "complainant", "first_contact", "holder", "starter", "system", "world"})


def grant_slots(grants: Mapping[str, Sequence[str]]) -> None:
    """Permissions by slot, to the roles whose posts fill it, over the reach of these. What was granted before stays."""
    roles = roles_of(grants)
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(role=r, permission=one)
            for slot, rights in sorted(grants.items())
            for r in roles[slot]
            for one in rights
        ],
        ignore_conflicts=True,
    )


def roles_of(slots: Iterable[str]) -> dict[str, list[str]]:
    """The roles whose posts fill each slot: those that it was given to, or else the one of its own code."""
    found: dict[str, list[str]] = {slot: [] for slot in slots}
    for slot, role in SlotRole.objects.filter(slot__in=list(found)).order_by("pk").values_list("slot", "role"):
        found[slot].append(role)
    return {slot: roles or [slot] for slot, roles in found.items()}


def fill_slot(slot: str, roles: Sequence[str]) -> set[UUID]:
    """Posts of these roles fill the slot from now on, and no others. Returns the units whose posts changed."""
    SlotRole.objects.filter(slot=slot).delete()
    if list(roles) != [slot]:
        SlotRole.objects.bulk_create([SlotRole(slot=slot, role=role) for role in roles])
    gone = PostSlot.objects.filter(slot=slot).exclude(post__role__in=roles)
    new = Post.objects.filter(role__in=roles).exclude(fills__slot=slot)
    units = {*gone.values_list("post__unit_id", flat=True), *new.values_list("unit_id", flat=True)}
    PostSlot.objects.bulk_create([PostSlot(post=post, slot=slot) for post in new])
    gone.delete()
    return units


def adopt(
    unit: Unit,
    pack: Pack,
    policy: PolicyVersion,
    calendar: CalendarVersion,
    effective_from: datetime,
    signatures: Sequence[str],
    subject: str = "",
    *,
    proposal: PolicyProposal | None = None,
) -> None:
    """`subject`: the matters to which it is limited; empty: all that no other adoption is limited to. Overlays that are
    in force there lie on it from the beginning; an overlay lies on what is in force from the moment it begins."""
    if pack.charter.is_overlay:
        OverlayAdoption.objects.create(
            unit=unit, policy_version=policy, effective_from=effective_from, signatures=list(signatures)
        )
        _compose_again(unit, effective_from)
        return
    last = ""
    for composed in overlays.composed_at(pack, unit, effective_from):
        if composed.pack.hash == last:
            continue
        last = composed.pack.hash
        version = policy if last == policy.hash else _store_composed(composed.pack, policy)
        for kind in pack.kinds:
            Adoption.objects.create(
                unit=unit,
                kind=kind,
                subject=subject,
                policy_version=version,
                calendar_version=calendar,
                effective_from=composed.since,
                signatures=list(signatures),
                proposal=proposal,
            )


def is_lifted(standing: OverlayAdoption) -> bool:
    """Whether a later row of the unit took the overlay away, or put another version in its place."""
    pack = standing.policy_version.pack
    rows = OverlayAdoption.objects.filter(unit_id=standing.unit_id, policy_version__pack=pack, pk__gt=standing.pk)
    return rows.filter(effective_from__gte=standing.effective_from).exists()


def lift(standing: OverlayAdoption, since: datetime) -> None:
    """From then on the overlay serves no more, there and below."""
    OverlayAdoption.objects.create(
        unit=standing.unit, policy_version=standing.policy_version, effective_from=since, is_end=True
    )
    _compose_again(standing.unit, since)


def _compose_again(unit: Unit, since: datetime) -> None:
    """Every policy that this unit or one below it adopted, with the overlays that are in force now."""
    for line in overlays.lines_below(unit, since):
        composed = overlays.composed_line(line, since)
        primary = line.policy_version.parent or line.policy_version
        version = primary if composed.pack.hash == primary.hash else _store_composed(composed.pack, primary)
        if version.hash != line.policy_version_id:
            Adoption.objects.create(
                unit=line.unit,
                kind=line.kind,
                subject=line.subject,
                policy_version=version,
                calendar_version_id=line.calendar_version_id,
                effective_from=composed.since,
                signatures=line.signatures,
                proposal_id=line.proposal_id,
            )


def _store_composed(pack: Pack, primary: PolicyVersion) -> PolicyVersion:
    return store_policy(
        pack,
        at=primary.adopted_at,
        adopted_by=primary.adopted_by_id,
        signatures=primary.signatures,
        parent=primary,
    )


def standing_adoptions(at: datetime) -> list[Adoption]:
    """What is in force at `at`, one row for each unit, kind and subject, and what has been adopted for later; oldest
    first."""
    found: dict[tuple[UUID, str, str, datetime | None], Adoption] = {}
    rows = Adoption.objects.select_related("unit", "calendar_version").order_by("effective_from", "id")
    for row in rows:
        found[row.unit_id, row.kind, row.subject, row.effective_from if row.effective_from > at else None] = row
    return list(found.values())


def count_with(standing: Adoption, calendar: CalendarVersion, at: datetime) -> None:
    """The same policy for the same cases, counted with another calendar from `at` on, or from when it begins."""
    Adoption.objects.create(
        unit_id=standing.unit_id,
        kind=standing.kind,
        subject=standing.subject,
        policy_version_id=standing.policy_version_id,
        calendar_version=calendar,
        effective_from=max(at, standing.effective_from),
        signatures=standing.signatures,
        proposal_id=standing.proposal_id,
    )
