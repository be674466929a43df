"""The signatures under an approval, by name, with what each signer said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.sight.reading import CaseRead
from kesu.access.sight.texts import Texts
from kesu.policy.model.approving import Staffing
from kesu.policy.standing.results import ApprovalState, Signature


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a chain; `verdict` None: still waiting, unless nobody needs to sign there (`is_left_out`).
    `staffing`: whom the program found for it."""

    who: str
    verdict: str | None
    at: datetime | None
    opinion: str
    staffing: Staffing = Staffing.SOMEBODY
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class SignLink:
    mode: str
    is_current: bool
    is_done: bool
    signatures: tuple[Signed, ...]


def chain(read: CaseRead, texts: Texts, state: ApprovalState) -> tuple[SignLink, ...]:
    return tuple(
        SignLink(
            link.mode,
            link.is_current,
            link.is_done,
            tuple(_signed(read, texts, signature) for signature in link.signatures),
        )
        for link in state.links
    )


def _signed(read: CaseRead, texts: Texts, signature: Signature) -> Signed:
    said_by = texts.by_seq.get(signature.seq or 0, {})
    opinion = " ".join(str(text) for text in said_by.values() if isinstance(text, str))
    return Signed(
        read.person(signature.by) or read.who(signature.who),
        signature.verdict,
        signature.at,
        opinion,
        signature.staffing,
        signature.is_left_out,
    )
