"""Every address of the program with arguments that lead somewhere: what the two suites beside this file walk."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from kesu.core import clock
from kesu.core.uploads import Upload
from tests import calendars, deposits, desk
from tests.access import house_samples, message_samples, policy_samples
from tests.world import said

if TYPE_CHECKING:
    from tests.world import World

_OF_PROPOSAL = ("proposal-sign", "proposal-refuse", "proposal-withdraw", "proposal-signer")
POSTED = frozenset(
    {
        "language",
        "sign-out",
        "calendar-save",
        "case-new-preview",
        "case-import-errors",
        "case-note",
        "case-message",
        "approvals-sign",
        "notices-read",
        *message_samples.NAMES,
        *("chat-try", "chat-remove"),
        "approvals-copies-read",
        "approvals-phrase-drop",
        "case-join",
        "case-set-aside",
        "case-part",
        "matter-name",
        "case-unmask",
        "case-step-preview",
        "public-words",
        "chat-words",
        "guest-words",
        "case-evidence-hands",
        "case-evidence-marks",
        "case-evidence-words",
        "case-guest-tell",
        "case-guest-withdraw",
        *("report-add", "sign-in-passkey"),
        "passkey-options",
        "security-sessions-end",
        "security-password",
        "security-app-remove",
        "security-codes",
        "security-passkey-add",
        *("security-passkey-remove", "feed-make", "feed-end"),
        "credential-remove",
        "person-identity",
        "person-export",
        "person-change",
        "person-shut",
        "person-reopen",
        "person-password",
        "person-sessions-end",
        "person-factors-reset",
        "unit-add",
        "post-give",
        "post-end",
        *house_samples.POSTED,
        "root-add",
        "unit-change",
        "unit-move",
        "slot-map",
        "source-renew",
        "source-open",
        "channel-try",
        "hook-again",
        "hook-open",
        "hook-renew",
        "hook-try",
        "absence-end",
        "adoption-withdraw",
        "overlay-lift",
        *(*_OF_PROPOSAL, "call-aside"),
    }
)
"""Addresses that only take what is sent to them; the others are looked at."""

REPORT = {
    "report_category": "舞弊",
    "summary": "材料验收走过场",
    "circumstances": "验收单事后补签",
    "accused_is_executive": "否",
    "own_report": "是",
    "truthful": "是",
    "no_retaliation": "是",
}


_OF_ACCOUNT = (
    "person-export",
    "person-change",
    "person-identity",
    "person-shut",
    "person-reopen",
    "person-password",
    "person-sessions-end",
    "person-factors-reset",
)
_OF_EVIDENCE = ("case-evidence-file", "case-evidence-hands", "case-evidence-marks", "case-evidence-words")
_OF_CASE = (
    "case-archive",
    "case-receipts",
    "case-side-by-side",
    "case-evidence",
    "case-guests",
    "case-page",
    "case-panel",
    "case-people",
    "case-sent",
    "case-timeline",
    "case-note",
    "case-message",
    "case-join",
    "case-set-aside",
    "case-part",
)
_ON_PAPER = ("case-document", "case-document-pdf", "case-document-docx")


@dataclass(frozen=True, slots=True)
class Sample:
    """A world with one case that an operator heard, one that a customer sent, and the arguments of every address.
    `sealed_id` and `sealed_file` are the ids of nothing at first."""

    world: World
    now: datetime
    case_id: UUID
    file_id: UUID
    policy: str
    secret: str
    guest: str
    sealed_id: UUID
    sealed_file: UUID
    room_id: UUID
    customer_id: UUID
    proposal_id: UUID
    ledger_id: UUID
    arguments: Mapping[str, Mapping[str, Any]]

    def with_sealed(self, sealed_id: UUID) -> Sample:
        """The same with the addresses of this sealed case and of its file, where it has one."""
        from kesu.store.models import SealedFile
        from kesu.store.sealed_reader import SYSTEM, read_as

        with transaction.atomic():
            read_as(SYSTEM)
            file_id = SealedFile.objects.filter(case_id=sealed_id).values_list("pk", flat=True).first()
            read_as("")
        found = replace(self, sealed_id=sealed_id, sealed_file=file_id or self.sealed_file)
        return replace(found, arguments=_arguments(found))

    def address(self, name: str) -> str:
        return reverse(name, kwargs=dict(self.arguments.get(name, {})))


def build(world: World | None = None) -> Sample:
    """Made by commands, as of this moment; in a `world` that stands already, if one is given."""
    from kesu.store.models import PolicyVersion, StoredFile

    world, now = desk.opened() if world is None else (world, clock.now())
    heard = now - timedelta(hours=3)
    case_id = world.register("wutong", at=heard, uploads=[photo()], promised_feedback_at=desk.PROMISED)
    world.take(case_id, "inform", "wutong", heard + timedelta(minutes=5))
    sent = world.submit(at=heard, title="电梯停运", person__phone="13800003187")
    _join(world, case_id, now)
    message_samples.undelivered(world, case_id, now)
    file_id = StoredFile.objects.get(case_id=case_id).pk
    policy = PolicyVersion.objects.get(pack="p10").hash
    proposal_id = policy_samples.what_is_to_come(world, now)
    guest, (room_id, customer_id) = _guest(world, case_id, now), house_samples.family(world, now)
    ids = (uuid4(), uuid4(), room_id, customer_id, proposal_id, deposits.account(world, heard))
    found = Sample(world, now, case_id, file_id, policy, sent.secret, guest, *ids, {})
    found = replace(found, arguments=_arguments(found))
    message_samples.told_before(now)
    return found


def _join(world: World, case_id: UUID, now: datetime) -> None:
    """The two cases are about one matter."""
    from kesu.commands.matters.join_matter import join_matter
    from kesu.store.models import Case

    other = Case.objects.exclude(pk=case_id).latest("received_at").pk
    join_matter(actor=world.actor("zhouyining", now.date()), at=now, case_id=case_id, other_id=other)


def matter_of(found: Sample) -> UUID:
    """That of the case; where it is in none, one that is nowhere."""
    from kesu.store.models import MatterMember

    member = MatterMember.objects.filter(case=found.case_id).first()
    return member.matter_id if member is not None else uuid4()


def _guest(world: World, case_id: UUID, now: datetime) -> str:
    """The link of an outside party who acts in a role of the policy."""
    from kesu.access.guests import secret_for
    from kesu.commands.cases.invite_guest import invite_guest
    from kesu.store.models import CaseGuest

    actor, ends = world.actor("zhouyining", now.date()), now + timedelta(days=7)
    said_to = {"name": "某施工单位", "slot": "other_company", "task": "请到现场看一看"}
    invite_guest(actor=actor, at=now, case_id=case_id, **said_to, ends_at=ends, sees_person=False, for_customer=False)
    return secret_for(CaseGuest.objects.get(case_id=case_id).pk)


def source_of(found: Sample) -> UUID:
    """A program outside that hands in reports, made by whoever keeps them."""
    from kesu.commands.arrivals.make_source import make_source
    from kesu.store.models import InboundSource

    known = InboundSource.objects.first()
    if known is not None:
        return known.pk
    said_of_it = {"name": "市热线平台", "delivers": "reports", "unit_id": found.world.units["qingtang"]}
    return make_source(actor=desk.actor("admin"), at=found.now, **said_of_it, kind="complaint").source_id


def photo() -> Upload:
    return Upload("photos", "墙面.jpg", picture())


def picture() -> bytes:
    """A small photograph."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 170, 150)).save(content, "JPEG")
    return content.getvalue()


def _arguments(found: Sample) -> dict[str, dict[str, Any]]:
    return {**_of_cases(found), **_of_estate(found), **_of_policies(found), **_of_house(found), **_of_public(found)}


def _of_cases(found: Sample) -> dict[str, dict[str, Any]]:
    of_case, sealed = {"case_id": found.case_id}, {"case_id": found.sealed_id}
    file, a_guest = {**of_case, "file_id": found.file_id}, {**of_case, "guest_id": uuid4()}
    step = {**of_case, "step": "register"}
    return {
        **dict.fromkeys(_OF_CASE, of_case),
        **{name: {**of_case, "document": "complaint_file"} for name in _ON_PAPER},
        **{name: {"matter_id": matter_of(found)} for name in ("matter-name", "matter-page")},
        **message_samples.arguments(found.case_id),
        "case-unmask": {**of_case, "seq": 1, "fact": "person"},
        "case-take-back": {**of_case, "seq": 1},
        "case-step": step,
        "case-step-preview": step,
        "case-step-many": {**of_case, "step": "join"},
        "case-step-many-template": {**of_case, "step": "join"},
        "case-file": file,
        "case-file-preview": file,
        "case-file-view": file,
        **dict.fromkeys(_OF_EVIDENCE, file),
        "case-guest-tell": a_guest,
        "case-guest-withdraw": a_guest,
        "sealed-case": sealed,
        "sealed-file": {**sealed, "file_id": found.sealed_file},
        "sealed-step": {**sealed, "step": "route"},
    }


def _of_estate(found: Sample) -> dict[str, dict[str, Any]]:
    customer, room = {"customer_id": found.customer_id}, {"room_id": found.room_id}
    return {
        **dict.fromkeys(house_samples.OF_CUSTOMER, customer),
        "room-page": room,
        "room-remove": room,
        "customer-room-end": {**customer, "link": 0},
        "customer-withdraw": {**customer, "consent": 0},
        "customer-import-run": {"run_id": found.customer_id},
        "customer-import-errors": {"run_id": found.customer_id},
        "ledger-account": {"account_id": found.ledger_id},
    }


def _of_policies(found: Sample) -> dict[str, dict[str, Any]]:
    proposal = {"proposal": found.proposal_id}
    return {
        "credentials": {"account": found.world.people["zhouyining"]},
        "credential-remove": {"credential": uuid4()},
        "credential-proof": {"credential": uuid4()},
        "case-label": {"case_id": found.case_id},
        "coded-sample": {"code": "AAAABBBB"},
        "coded-step": {"code": "AAAABBBB", "step": "gauge"},
        "policy": {"policy_hash": found.policy},
        "policy-clause": {"policy_hash": found.policy, "clause_id": "1.2"},
        **{name: {"code": "p10"} for name in ("policy-offer", "policy-trial", "policy-changes")},
        **calendars.addresses(),
        "policy-coverage": {"code": "whistle"},
        "adoption-withdraw": {"adoption": uuid4()},
        "overlay-lift": {"overlay": uuid4()},
        **dict.fromkeys(("proposal", *_OF_PROPOSAL), proposal),
    }


def _of_house(found: Sample) -> dict[str, dict[str, Any]]:
    source = {"source_id": source_of(found)}
    unit, person = {"unit": found.world.units["qingtang"]}, {"account": found.world.people["zhouyining"]}
    return {
        "unit-change": unit,
        "unit-move": unit,
        "role": {"code": "cs_specialist"},
        "slot-map": {"slot": "cs_specialist"},
        **dict.fromkeys(("source", "source-renew", "source-open"), source),
        **house_samples.hook_addresses(found.world, found.now),
        **{name: {"place": uuid4()} for name in ("chat-place", "chat-try", "chat-remove")},
        **house_samples.mails(found.world, found.now),
        "post-end": {"holding": 0},
        **dict.fromkeys(("person", "hand-over", *_OF_ACCOUNT), person),
        "absence-end": {"absence": 0},
        **{name: {"provider": "none"} for name in ("sign-on", "sign-on-back")},
        "security-passkey-remove": {"passkey": found.sealed_id},
        "feed": {"secret": "0" * 43},
    }


def _of_public(found: Sample) -> dict[str, dict[str, Any]]:
    """What is open to people without an account, and what is published."""
    place, secret, guest = {"unit_id": found.world.units["qingtang"]}, {"secret": found.secret}, {"secret": found.guest}
    published = {"publication_id": found.customer_id}
    return {
        "public-form": {**place, "kind": "complaint"},
        **dict.fromkeys(("public-submitted", "public-follow", "public-words", "follow-publications"), secret),
        "chat-start": {**place, "kind": "complaint"},
        **dict.fromkeys(("chat-talk", "chat-live", "chat-words"), secret),
        "public-step": {**secret, "step": "withdraw"},
        "follow-publication": {**secret, **published},
        "publication": published,
        "board-notice": published,
        "guest": guest,
        "guest-words": guest,
        "guest-step": {**guest, "step": "sign_joint_review"},
        "report-form": {**place, "kind": "whistle_report"},
        "report-add": {"step": "supplement"},
    }


def names() -> list[str]:
    """The name of every address, walked from the root."""
    return sorted(str(pattern.name) for pattern in _patterns(get_resolver().url_patterns))


def _patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def report(found: Sample, **changes: str) -> tuple[str, UUID]:
    """Somebody reports under seal, with a file: the receipt code, and the id that nobody else knows."""
    from kesu.commands.sealed.submit_report import submit_report
    from kesu.store.models import SealedCase
    from kesu.store.sealed_reader import SYSTEM, read_as

    unit_id = found.world.units["qingtang"]
    given = said(**REPORT | changes)
    letter = Upload("evidence", "信.txt", "验收单的复印件".encode())
    code = submit_report(
        at=found.now, unit_id=unit_id, kind="whistle_report", given=given, uploads=[letter], token="sample-report"
    ).code
    with transaction.atomic():
        read_as(SYSTEM)
        sealed_id = SealedCase.objects.values_list("pk", flat=True).latest("received_at")
        read_as("")
    return code, sealed_id
