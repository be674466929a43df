"""What lies before a signer, as his page prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from kesu.access.sight.signatures import Signed, SignLink
from kesu.queries.cases.step_form import StepForm, ToSign
from kesu.queries.work.workbench import Owed
from kesu.web import approving, marks, when
from kesu.web.cases.drawing import refs, text_of, text_to_sign
from kesu.web.links import step_url

_MODES = {"all": gettext_lazy("会签"), "any": gettext_lazy("或签"), "share": gettext_lazy("按比例会签")}


@dataclass(frozen=True, slots=True)
class SignerPart:
    name: str
    state: str
    verdict: str
    at: str
    opinion: str
    notes: tuple[str, ...] = ()  # who passed it on, who was asked


@dataclass(frozen=True, slots=True)
class LinkPart:
    """`state` is done, cur or wait: the class of its dot in the chain."""

    mode: str
    state: str
    signers: tuple[SignerPart, ...]


@dataclass(frozen=True, slots=True)
class SigningPart:
    name: str
    clauses: tuple[marks.ClauseRef, ...]
    level_name: str
    level_index: int | None
    level_of: int
    level_clauses: tuple[marks.ClauseRef, ...]
    submitted: tuple[tuple[str, str], ...]
    by: str
    groups: tuple[tuple[str, str], ...]
    chain: tuple[LinkPart, ...]
    acts: tuple[tuple[str, str], ...]  # address and name of what else may be done


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a signature stands among those that wait for its reader: how many there are, and the addresses of those
    before and after it (empty: none)."""

    total: int
    before: str
    after: str


def waiting(owed: Sequence[Owed], case_id: UUID, step: str) -> Waiting | None:
    """None where it does not wait for him, or nothing else does."""
    at = next((i for i, one in enumerate(owed) if (one.case_id, one.step) == (case_id, step)), None)
    if at is None or len(owed) == 1:
        return None
    beside = [step_url(owed[i].case_id, owed[i].step) if 0 <= i < len(owed) else "" for i in (at - 1, at + 1)]
    return Waiting(len(owed), beside[0], beside[1])


def signing(form: StepForm, now: datetime) -> SigningPart:
    """For a form that signs something."""
    before: ToSign | None = form.to_sign
    assert before is not None  # asked only for signatures
    return SigningPart(
        name=before.name,
        clauses=refs(form.policy_hash, before.clauses),
        level_name=before.level.name,
        level_index=before.level.index,
        level_of=before.level.of,
        level_clauses=refs(form.policy_hash, before.level_clauses),
        submitted=tuple((line.name, text_to_sign(line)) for line in before.submitted if text_of(line)),
        by=" ".join(part for part in (before.by, when.when(before.at, now) if before.at else "") if part),
        groups=tuple((line.name, text_of(line)) for line in before.groups if text_of(line)),
        chain=tuple(_link(link, now) for link in before.chain),
        acts=tuple((reverse("case-step", args=[form.case_id, step]), name) for step, name in before.acts),
    )


def _link(link: SignLink, now: datetime) -> LinkPart:
    state = "done" if link.is_done else "cur" if link.is_current else "wait"
    mode = str(_MODES.get(link.mode, "")) if len(link.signatures) > 1 else ""
    return LinkPart(mode, state, tuple(_signer(signature, now) for signature in link.signatures))


def _signer(signature: Signed, now: datetime) -> SignerPart:
    at = when.when(signature.at, now) if signature.at else ""
    return SignerPart(
        signature.who,
        signature.verdict or "waiting",
        approving.signature_word(signature),
        at,
        signature.opinion,
        approving.history(signature),
    )
