"""One round of signatures: the links of one version, the places in them, who signs each, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from kesu.policy.events import SIGN_PLACE, Event
from kesu.policy.model.approving import LinkMode, Staffing
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import Approval, Link, Who
from kesu.policy.standing.facts import members_of, person_of, role_of
from kesu.policy.standing.moments import Mark
from kesu.policy.standing.results import ApprovalState, ApprovalStatus, LinkState, Signature
from kesu.policy.standing.takers import slots_of, units_of

GRANTED = "granted"
REFUSED = "refused"
UNDER_WAY: Final = ApprovalStatus.OPEN  # looked up once: it is asked for at every instant
_LAID_OUT_BY_ITSELF: Final = frozenset({LinkMode.ONE, LinkMode.ANY})
OPENED = "opened"


@dataclass(slots=True)
class Asked:
    """Somebody whom a signer asked for his opinion; `answered_at` None: he has not said it."""

    who: Who
    by: str | None
    at: datetime
    seq: int
    answered_at: datetime | None = None


@dataclass(slots=True)
class SignPlace:
    """One place of a link: who signs there as things stand, and who has. `left_out_at`: since when nobody needs to;
    `passed_by`: those who had it and passed it on; `asked`: whose opinion was asked for; `of`: whose place it is in the
    chain, whoever signs it now."""

    code: str
    who: Who
    of: Who
    signature: Signature | None = None
    staffing: Staffing = Staffing.SOMEBODY
    left_out_at: datetime | None = None
    passed_by: tuple[str, ...] = ()
    asked: list[Asked] = field(default_factory=list)

    @property
    def is_waiting(self) -> bool:
        return self.signature is None and self.left_out_at is None

    @property
    def ended_at(self) -> datetime | None:
        """When it was signed or left out."""
        return self.signature.at if self.signature is not None else self.left_out_at

    def state(self) -> Signature:
        """As the standing says it."""
        given = self.signature
        return Signature(
            who=given.who if given is not None else self.who,
            verdict=given.verdict if given is not None else None,
            by=given.by if given is not None else None,
            at=given.at if given is not None else None,
            seq=given.seq if given is not None else None,
            place=self.code,
            staffing=self.staffing,
            is_left_out=self.left_out_at is not None,
            passed_by=self.passed_by,
            asked=tuple(one.who for one in self.asked if one.answered_at is None) if self.asked else (),
        )


@dataclass(slots=True)
class LinkRun:
    """One link of a round. `chosen`: the link as the chain gives it, with the units and members that are named.
    `index`: which link of the chain it is, or stands beside where it `is_added`. `again_at`: when it was sent back,
    and signed anew in another run."""

    code: str
    chosen: Link
    places: list[SignPlace]
    index: int = 0
    is_added: bool = False
    is_done: bool = False
    is_refused: bool = False
    began_at: datetime | None = None
    began_seq: int = 0
    began_origin: str = ""
    again_at: datetime | None = None

    @classmethod
    def of(cls, code: str, link: Link, index: int, *, is_added: bool = False) -> LinkRun:
        """A link that nobody has signed."""
        run = cls(code, link, [], index, is_added)
        run.choose(link)
        return run

    @property
    def is_touched(self) -> bool:
        """Whether somebody has signed or need no longer: then it stays as it is, whatever the chain says later."""
        if self.is_done:
            return True
        for place in self.places:  # noqa: SIM110  asked at every instant; a generator costs twice
            if not place.is_waiting:
                return True
        return False

    def choose(self, link: Link) -> None:
        """Lay the link out anew. What somebody who still has his place did with it stays done: whom he passed it on to
        signs, whom he asked may answer."""
        self.chosen = link
        alone = len(link.who) == 1
        acted = {place.of: place for place in self.places if place.passed_by or place.asked}
        self.places = []
        for number, who in enumerate(link.who, start=1):
            code = self.code if alone else f"{self.code}.{number}"
            place = acted.get(who)
            self.places.append(SignPlace(code, who, who) if place is None else replace(place, code=code))

    def ended(self, at: datetime) -> LinkRun:
        """This run as it was when the link was sent back."""
        return replace(self, again_at=at)

    def begin_again(self) -> None:
        """As if nobody had done anything yet."""
        self.places = []
        self.choose(self.chosen)
        self.is_done = self.is_refused = False
        self.began_at = None

    def waiting(self) -> tuple[Who, ...]:
        """Those who have still to sign."""
        return () if self.is_done else tuple(place.who for place in self.places if place.is_waiting)

    def place(self, code: str) -> SignPlace | None:
        """The place of this code, as long as it waits."""
        if self.is_done:
            return None
        return next((place for place in self.places if place.code == code and place.is_waiting), None)

    def place_of(self, event: Event, facts: Mapping[str, Value]) -> SignPlace | None:
        """Where a signature belongs: the place that it names, else the first one that its slot fits."""
        named = event.facts.get(SIGN_PLACE)
        if named is not None:
            return self.place(str(named))
        if self.is_done:
            return None
        return next((one for one in self.places if one.is_waiting and _fits(event, one.who, facts)), None)

    def sign(self, event: Event, facts: Mapping[str, Value]) -> bool:
        """Put the signature in its place. False when there is none."""
        place = self.place_of(event, facts)
        if place is None:
            return False
        place.signature = Signature(place.who, str(event.facts.get("verdict", "")), event.by, event.at, event.seq)
        self.count()
        return True

    def count(self) -> None:
        """What the signatures come to, once one more is there or is needed no more."""
        verdicts = [place.signature.verdict for place in self.places if place.signature is not None]
        waits = any(place.is_waiting for place in self.places)
        if self.chosen.mode is LinkMode.SHARE:
            total = len(verdicts) + sum(place.is_waiting for place in self.places)
            needed = -(-total * self.chosen.share // 100)  # rounded up: half of three is two
            granted = verdicts.count(GRANTED)
            self.is_refused = granted + total - len(verdicts) < needed
            self.is_done = self.is_refused or granted >= needed
            return
        self.is_refused = any(verdict != GRANTED for verdict in verdicts)
        is_enough = bool(verdicts) and self.chosen.mode is not LinkMode.ALL
        self.is_done = self.is_refused or is_enough or not waits

    def is_stuck_at(self, place: SignPlace) -> bool:
        """Whether the link cannot go on because nobody can sign a place: of several who each suffice, because of
        all."""
        if not (place.is_waiting and place.staffing.is_vacant) or self.is_done:
            return False
        others = (one for one in self.places if one.is_waiting)
        return self.chosen.mode is not LinkMode.ANY or all(one.staffing.is_vacant for one in others)


def laid_out(link: Link | None, facts: Mapping[str, Value]) -> Link | None:
    """Where one of every unit signs, all of those in the units that are named; where all of a group sign, or so many of
    it, each of its members. Until some are, the link waits."""
    if link is None or link.mode in _LAID_OUT_BY_ITSELF:
        return link
    if link.mode is LinkMode.EACH:
        signers = tuple(replace(who, unit=unit) for who in link.who for unit in units_of(who, facts))
        return Link(LinkMode.ALL, signers or link.who)
    if all(who.group is None for who in link.who):
        return link
    return replace(link, who=tuple(one for who in link.who for one in _members(who, facts)))


def _members(who: Who, facts: Mapping[str, Value]) -> tuple[Who, ...]:
    members = facts.get(who.group) if who.group is not None else None
    if not isinstance(members, tuple) or not members:
        return (who,)
    # Somebody who is in the group for two of its slots signs once.
    each = {person_of(one) or one: one for one in reversed(members)}
    return tuple(Who(role_of(one), person=person_of(one) or None) for one in reversed(each.values()))


def _fits(event: Event, who: Who, facts: Mapping[str, Value]) -> bool:
    if event.role is None:
        return False
    if who.person is not None:
        return event.by == who.person
    if who.group is not None:
        members = facts.get(who.group)
        return isinstance(members, tuple) and any(role_of(member) == event.role for member in members)
    return event.role == who.role or event.role in slots_of(who, facts)


@dataclass(slots=True)
class Round:
    """One version of what is signed. Until `when` holds it only waits (`opened_at` None)."""

    code: str
    asked: Mark
    opened_at: datetime | None = None
    opened_seq: int = 0
    origin: str = ""
    status: ApprovalStatus = ApprovalStatus.OPEN
    closed_at: datetime | None = None
    links: list[LinkRun] = field(default_factory=list)  # in turn
    came_from: str | None = None  # the stage in which it was opened
    urged_at: datetime | None = None
    urged_seq: int = 0
    again_seq: int = 0  # of the last event that sent it back to an earlier link
    before: list[LinkRun] = field(default_factory=list)  # what had been signed when it was sent back, oldest first

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.status is UNDER_WAY

    @property
    def author(self) -> str | None:
        """Who laid it before the signers."""
        return self.asked.by

    def authors(self, approval: Approval, facts: Mapping[str, Value]) -> frozenset[str]:
        """Everybody who wrote what is signed."""
        wrote = frozenset[str]().union(*(members_of(facts.get(code)) for code in approval.authors))
        return wrote | {self.author} if self.author is not None else wrote

    def close(self, status: ApprovalStatus, at: datetime) -> None:
        """End the round; what ended it first is when it ended."""
        self.status = status
        self.closed_at = self.closed_at or at

    def current(self) -> LinkRun | None:
        """The link whose turn it is."""
        if not self.is_open:
            return None
        for run in self.links:
            if not run.is_done:
                return run
        return None

    def of_chain(self, index: int) -> LinkRun | None:
        """What stands for a link of the chain, beside which others may have been added."""
        for run in self.links:
            if run.index == index and not run.is_added:
                return run
        return None

    def has_after(self, run: LinkRun) -> bool:
        """Whether a later link is still to be signed."""
        return any(not other.is_done for other in self.links[self.links.index(run) + 1 :])

    def put(self, run: LinkRun) -> None:
        """A link of the chain in its turn, before what stands later in it."""
        later = (at for at, other in enumerate(self.links) if other.index > run.index)
        self.links.insert(next(later, len(self.links)), run)

    def begin_again(self, index: int, seq: int, at: datetime) -> None:
        """The chain is signed anew from this link on, by what event `seq` says; whoever was added there signs no more,
        and no signature from before stands for one that is given now. That it was given stays on record."""
        self.again_seq = seq
        self.before += [run.ended(at) for run in self.links if run.index >= index and run.began_at is not None]
        self.links = [run for run in self.links if run.index < index or not run.is_added]
        for run in self.links:
            if run.index >= index:
                run.begin_again()

    def signature(self, seq: Value | None) -> Signature | None:
        """The signature of this version that the event of this number gave."""
        given = (place.signature for run in self.links for place in run.places)
        return next((one for one in given if one is not None and one.seq == seq), None)


def state_of(found: Round, approval: Approval, facts: Mapping[str, Value]) -> ApprovalState:
    """A round that has been opened, as the standing says it."""
    assert found.opened_at is not None
    current = found.current()
    links = tuple(
        LinkState(
            str(run.chosen.mode),
            tuple(place.state() for place in run.places),
            is_current=run is current,
            is_done=run.is_done,
            stuck=tuple(place.code for place in run.places if run.is_stuck_at(place)),
            index=run.index,
        )
        for run in found.links
    )
    return ApprovalState(
        approval.code,
        approval.name,
        approval.clauses,
        found.status,
        found.opened_at,
        found.opened_seq,
        links,
        current.waiting() if current else (),
        found.authors(approval, facts),
        found.again_seq,
        found.author,
        found.closed_at,
    )
