"""Tells the stories: takes the steps of each way as the named people would have taken them, at their time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import structlog

from kesu.access.actor import Actor, actor_of
from kesu.access.cases import case_for
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.submit_case import submit_case
from kesu.commands.cases.take_blind_step import take_blind_step
from kesu.commands.cases.take_step import take_step
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.sealed.submit_report import submit_report
from kesu.config.demonstration.crowds import join_crowd
from kesu.config.demonstration.evidence import photo_of, say_of_photo
from kesu.core.errors import Forbidden, NotNow
from kesu.core.uploads import Upload
from kesu.policy.calendar import Calendar
from kesu.store.models import Account, CodedSample, PostHolding, Unit

log = structlog.get_logger("kesu.demonstration")

Given = dict[str, tuple[str, ...]]
_ONLINE = "网络"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the stories play: the moment they have reached, the calendar, units and people by code and login."""

    at: datetime
    calendar: Calendar
    units: Mapping[str, UUID]
    people: Mapping[str, UUID]


Told = Iterator[datetime]
"""A story as it is told: each time a step is taken, the moment of the next one."""
Heard = Callable[[datetime], None]


def tell(book: Mapping[str, Any], stage: Stage, others: Iterable[tuple[datetime, Told]], hears: Heard) -> None:
    """All stories side by side in the order of time, so that numbers, reminders and rises come as they would have.
    `others`: those that are not in the book, with the moments at which they begin; `hears`: what becomes, each time, of
    everything that is told by then."""
    cases: dict[str, UUID] = {}
    stories = [(began(story, stage), story) for story in book["stories"]]
    told = [*((at, _play(story, at, book, stage, cases)) for at, story in stories), *others]
    running = [(at, order, story) for order, (at, story) in enumerate(told)]
    heapq.heapify(running)
    while running:
        at, order, story = heapq.heappop(running)
        _let_time_pass(at, hears)
        following = next(story, None)
        if following is not None and following <= stage.at:
            heapq.heappush(running, (following, order, story))
    for report in book["reports"]:
        _report(report, stage)
    _let_time_pass(stage.at, hears)
    for first, second in book["matters"]:
        actor = actor_at(book["actors"]["qingtang"]["specialist"], stage, stage.at)
        join_matter(actor=actor, at=stage.at, case_id=cases[first], other_id=cases[second])


def _let_time_pass(until: datetime, hears: Heard) -> None:
    while wake_one(at=until):
        pass
    hears(until)


def began(story: Mapping[str, Any], stage: Stage) -> datetime:
    """A story begins in working time: the last such moment before the one it names."""
    if "hours" in story:
        at = stage.at - timedelta(hours=story["hours"])
    else:
        clock = time.fromisoformat(story["time"])
        on = stage.calendar.local(stage.at).date() - timedelta(days=story["days"])
        at = stage.calendar.instant(on, clock)
    while not stage.calendar.is_working(at):
        at -= timedelta(hours=1)
    return at


def _play(
    story: Mapping[str, Any], at: datetime, book: Mapping[str, Any], stage: Stage, cases: dict[str, UUID]
) -> Told:
    """Plays one story, which begins at `at`."""
    actors: Mapping[str, str] = book["actors"][story["at"]]
    case_id = _open(story, at, actors, stage)
    cases[story["title"]] = case_id
    if "photo" in story:
        say_of_photo(case_id, story["photo"], actor_at(actors["specialist"], stage, at), at)
    for person in story.get("joins", ()):
        at += timedelta(minutes=40)
        yield at
        name, phone = person.split(" ")
        take(case_id, "join", actors["specialist"], {"person.name": (name,), "person.phone": (phone,)}, at, stage)
    if "crowd" in story:
        at += timedelta(minutes=40)
        yield at
        join_crowd(case_id, story["crowd"], actor_at(actors["specialist"], stage, at), at)
    for step in _steps(story, book):
        at = next_moment(at, step["after"], stage.calendar)
        yield at
        login = _login(step["by"], story, actors, book)
        given = _given(step.get("given", {}), story, stage)
        if not take(case_id, step["step"], login, given, at, stage) and not step.get("when_open"):
            log.warning("a story stops", title=story["title"], step=step["step"])
            return


def _steps(story: Mapping[str, Any], book: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = book["ways"][story["way"]]
    codes = [s["step"] for s in steps]
    if "until" not in story:
        return steps
    return steps[: codes.index(story["until"]) + 1] if story["until"] in codes else []


def later(at: datetime, after: str) -> datetime:
    amount = int("".join(c for c in after if c.isdigit()))
    return at + (timedelta(hours=amount) if after.endswith("小时") else timedelta(minutes=amount))


def next_moment(at: datetime, after: str, calendar: Calendar) -> datetime:
    """In working time."""
    at = later(at, after)
    return calendar.next_work_start(at) + (timedelta() if calendar.is_working(at) else timedelta(minutes=20))


def _login(by: str, story: Mapping[str, Any], actors: Mapping[str, str], book: Mapping[str, Any]) -> str:
    """Nobody of the house was the first to hear of what came online: the specialist is told by the program."""
    if by == "dept_head":
        return str(book["dept_heads"][story["dept"]])
    return actors["specialist" if by == "first" and story["channel"] == _ONLINE else by]


def _given(raw: Mapping[str, Any], story: Mapping[str, Any], stage: Stage) -> Given:
    given: Given = {}
    for code, value in raw.items():
        name = str(story.get(code[1:], "")) if code.startswith("$") else code
        meant = story.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value
        if not name or meant is None:
            continue
        if isinstance(meant, list):
            given[name] = tuple(_member(role, story, stage) for role in meant)
        else:
            given[name] = (stage.units[meant].hex if meant in stage.units else str(meant),)
    return given


def _member(role: str, story: Mapping[str, Any], stage: Stage) -> str:
    """`role:person` for a slot: its holder nearest to the place, or the one in the department that is asked."""
    holdings = PostHolding.objects.filter(post__role=role).select_related("post__unit").order_by("id")
    place = Unit.objects.get(pk=stage.units[story["at"]]).path
    near = [h for h in holdings if place.startswith(h.post.unit.scope_path)]
    asked = [h for h in near if h.post.unit.code == story.get("dept")]
    return f"{role}:{(asked or near)[-1].account_id.hex}"


def _open(story: Mapping[str, Any], at: datetime, actors: Mapping[str, str], stage: Stage) -> UUID:
    given: Given = {
        "channel": (story["channel"],),
        "person.name": (story["person"],),
        "person.phone": (story["phone"],),
        "title": (story["title"],),
        "topic": (story["title"],),
        "content": (story["content"],),
        "room": (story.get("room", ""),),
    }
    kind, unit = story.get("kind", "complaint"), stage.units[story["at"]]
    uploads = [photo_of(story["photo"])] if "photo" in story else []
    if story["channel"] == _ONLINE:
        token = f"demonstration-{story['phone']}"
        return submit_case(at=at, unit_id=unit, kind=kind, given=given, uploads=(), token=token).case_id
    return register_case(
        actor=actor_at(actors["first"], stage, at),
        at=at,
        happened_at=at,
        unit_id=unit,
        kind=kind,
        given=given,
        uploads=uploads,
        token=f"demonstration-{story['phone']}",
    )


def take(
    case_id: UUID, step: str, login: str, given: Given, at: datetime, stage: Stage, uploads: Sequence[Upload] = ()
) -> bool:
    """Whether the step could be taken; a refusal ends the story there, as it would have ended in life. Whoever
    works blind takes his under the code."""
    actor = actor_at(login, stage, at)
    code = (
        CodedSample.objects.filter(case_id=case_id, account_id=actor.account_id).values_list("code", flat=True).first()
    )
    try:
        if code is not None:
            take_blind_step(actor=actor, at=at, code=code, step=step, given=given, uploads=uploads)
            return True
        take_step(
            actor=actor,
            at=at,
            case_id=case_id,
            step=step,
            seen_version=case_for(actor, case_id).version,
            given=given,
            uploads=uploads,
        )
    except (NotNow, Forbidden) as refused:
        log.debug("refused", step=step, refusals=refused.data.get("refusals"))
        return False
    return True


def actor_at(login: str, stage: Stage, at: datetime) -> Actor:
    account = Account.objects.get(pk=stage.people[login])
    return actor_of(account, stage.calendar.local(at).date())


def _report(report: Mapping[str, Any], stage: Stage) -> None:
    on = stage.calendar.local(stage.at).date() - timedelta(days=report["days"])
    at = stage.calendar.instant(on, time.fromisoformat(report["time"]))
    given: Given = {code: (str(value),) for code, value in report["given"].items()}
    submit_report(
        at=at,
        unit_id=stage.units[report["at"]],
        kind=report["kind"],
        given=given,
        token=f"demonstration-report-{report['days']}",
    )
