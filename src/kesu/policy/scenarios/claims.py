"""Holding a standing against what a scenario says must be seen. Each difference is one readable line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.meanings import meant
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Who
from kesu.policy.scenarios.accounts import Opening, balance_differs
from kesu.policy.scenarios.publications import publication_differs
from kesu.policy.scenarios.reading import read_amount, read_instant
from kesu.policy.scenarios.sampling import counting_differs, reckoning_differs, sample_differs
from kesu.policy.scenarios.script import Stated
from kesu.policy.standing import EffectKind, Obligation, ObligationState, Refusal, Standing, StepRefused, StepState
from kesu.policy.standing.said import told_dues
from kesu.policy.values import ValueUnreadable, parse

NONE: Final = "none"
Differences = Iterable[str]


class Claims:
    """The claims of one expectation against one standing. `refused` is the last refusal before that moment,
    `opening` what accounts held before the scenario."""

    def __init__(
        self,
        kind: Kind,
        seen: Standing,
        zone: ZoneInfo,
        claims: Mapping[str, Stated],
        refused: StepRefused | None,
        opening: Opening,
    ) -> None:
        self.kind = kind
        self.seen = seen
        self.zone = zone
        self.claims = claims
        self.refused = refused
        self.opening = opening

    def differences(self) -> list[str]:
        """What is not as claimed; empty where everything is."""
        found: list[str] = []
        for key, wanted in self.claims.items():
            if key.startswith("facts."):
                found.extend(self._fact(key.removeprefix("facts."), wanted))
            elif key in _CHECKS:
                found.extend(_CHECKS[key](self, wanted))
            elif not any(key in beside and head in self.claims for head, beside in _BESIDE.items()):
                found.append(f"{key} 要同 {'、'.join(h for h, beside in _BESIDE.items() if key in beside)} 写在一起")
        return found

    def _word(self, key: str) -> str | None:
        value = self.claims.get(key)
        return value if isinstance(value, str) else None

    def _words(self, key: str) -> tuple[str, ...]:
        value = self.claims.get(key, ())
        return (value,) if isinstance(value, str) else value

    def _level(self, wanted: Stated) -> Differences:
        if self.seen.level != wanted:
            names = {level.code: level.name for level in self.kind.levels.order} if self.kind.levels else {}
            seen = self.seen.level or NONE
            yield f"级别应为 {wanted}（{names.get(str(wanted), '')}），实为 {seen}（{names.get(seen, '')}）"

    def _because(self, wanted: Stated) -> Differences:
        if wanted not in self.seen.level_clauses:
            yield f"级别应依据 {wanted}，实依据 {_listed(self.seen.level_clauses)}"

    def _means(self, _wanted: Stated) -> Differences:
        """In the words that all policies share."""
        said = [word for words in meant(self.kind, self.seen.facts).values() for word in words]
        wanted = [word for word in self._words("means") if word != NONE]
        if sorted(said) != sorted(wanted):
            yield f"统计和查找时应算作 {_listed(wanted) or NONE}，实算作 {_listed(said) or NONE}"

    def _next_level(self, wanted: Stated) -> Differences:
        coming = [raising.level for raising in self.seen.next_raises]
        if (wanted == NONE and coming) or (wanted != NONE and wanted not in coming):
            yield f"将要升到的级别应有 {wanted}，实为 {_listed(coming)}"

    def _stage(self, wanted: Stated) -> Differences:
        if self.seen.stage != wanted:
            yield f"阶段应为 {wanted}，实为 {self.seen.stage}"

    def _obligation(self, wanted: Stated) -> Differences:
        mine = [each for each in self.seen.obligations if wanted in (each.duty, each.approval, each.key, _of_one(each))]
        state = self._word("is")
        if state == NONE:
            if mine:
                yield f"不应有义务 {wanted}，实有 {len(mine)} 项，状态 {mine[-1].state}"
            return
        if not mine:
            yield f"应有义务 {wanted}，实无；现有 {_listed(each.duty for each in self.seen.obligations)}"
            return
        yield from self._obligation_differs(mine[-1], state)

    def _obligation_differs(self, seen: Obligation, state: str | None) -> Differences:
        shown = self._state(seen)
        if state is not None and state != shown:
            yield f"义务 {seen.duty} 应为 {state}，实为 {shown}"
        due = self._word("due")
        if due is not None and not self._same_instant(due, seen.due_at):
            yield f"义务 {seen.duty} 的期限应为 {due}，实为 {self._shown(seen.due_at)}"
        owner = self._word("owner")
        if owner is not None and owner != _slot(seen.owner):
            yield f"义务 {seen.duty} 的责任人应为 {owner}，实为 {_slot(seen.owner)}"
        for clause in self._words("clause"):
            if clause not in seen.clauses:
                yield f"义务 {seen.duty} 应依据 {clause}，实依据 {_listed(seen.clauses)}"
        lines = [str(line.code) for line in seen.receipt.lines] if seen.receipt else []
        for code in self._words("receipt"):
            if code not in lines:
                yield f"义务 {seen.duty} 的计算过程应有 {code}，实有 {_listed(lines)}"

    def _state(self, seen: Obligation) -> str:
        late = seen.state is ObligationState.OPEN and seen.due_at is not None and self.seen.now > seen.due_at
        return "overdue" if late else str(seen.state)

    def _approval(self, wanted: Stated) -> Differences:
        mine = [each for each in self.seen.approvals if each.code == wanted]
        state = self._word("is")
        if not mine:
            if state != NONE:
                yield f"应有审批 {wanted}，实无"
            return
        if state is not None and state != str(mine[-1].status):
            yield f"审批 {wanted} 应为 {state}，实为 {mine[-1].status}"
        waiting = tuple(_slot(who) for who in mine[-1].waiting_for)
        if "waiting_for" in self.claims and self._words("waiting_for") != waiting:
            yield f"审批 {wanted} 应等 {_listed(self._words('waiting_for'))}，实等 {_listed(waiting)}"
        stuck = mine[-1].current.stuck if mine[-1].current is not None else ()
        if "stuck" in self.claims and self._words("stuck") != stuck:
            yield f"审批 {wanted} 应在 {_listed(self._words('stuck'))} 处没有人可签，实在 {_listed(stuck)} 处"

    def _effect(self, wanted: Stated, kind: EffectKind, noun: str) -> Differences:
        mine = [each for each in self.seen.effects if each.kind is kind and each.code == wanted]
        if self._word("is") == NONE:
            if mine:
                yield f"不应有{noun} {wanted}"
            return
        if not mine:
            yield f"应有{noun} {wanted}，实无；现有 {_listed(each.key for each in self.seen.effects)}"
        elif "to" in self.claims:
            told = {_slot(who) for each in mine for who in each.to}
            for role in self._words("to"):
                if role not in told:
                    yield f"{noun} {wanted} 应发给 {role}，实发给 {_listed(sorted(told))}"

    def _notice(self, wanted: Stated) -> Differences:
        yield from self._effect(wanted, EffectKind.NOTICE, "告知")
        due, notice = self._word("due"), self.kind.notices.get(str(wanted))
        if due is not None and notice is not None:
            told = told_dues(notice, self.seen).values()
            if not any(self._same_instant(due, at) for at in told):
                yield f"告知 {wanted} 应写明期限 {due}，实写 {_listed(map(self._shown, told))}"

        if "ways" in self.claims and notice is not None and self._words("ways") != notice.ways:
            yield f"告知 {wanted} 应经 {_listed(self._words('ways'))} 送达，实经 {_listed(notice.ways) or '页面'} 送达"

    def _escalated(self, wanted: Stated) -> Differences:
        return self._effect(wanted, EffectKind.ESCALATION, "超时上报")

    def _reminded(self, wanted: Stated) -> Differences:
        return self._effect(wanted, EffectKind.REMINDER, "提醒")

    def _taken(self, wanted: Stated) -> Differences:
        return self._effect(wanted, EffectKind.STEP, "程序自己办的步骤")

    def _opens(self, wanted: Stated) -> Differences:
        link = self.kind.opens.get(str(wanted))
        mine = [owed for owed in self.seen.walk.links.owed.values() if owed.link.code == wanted]
        if link is None or self._word("is") == NONE:
            yield from [f"没有关联立案 {wanted}"] if link is None else [f"不应开立 {wanted}"] if mine else []
            return
        times = self._word("times")
        if not mine or (times is not None and times != str(len(mine))):
            yield f"应开立 {wanted} {times or 1} 件，实开立 {len(mine)} 件"
        carried = [code for code, own in link.carries.items() if self.seen.facts.get(own) is not None]
        left = [code for code in self._words("carries") if code not in carried]
        if left:
            yield f"{wanted} 应带去 {_listed(left)}，实带去 {_listed(carried)}"

    def _sample(self, wanted: Stated) -> Differences:
        return sample_differs(str(wanted), self.kind, self.seen, self.zone, self.claims)

    def _measured(self, wanted: Stated) -> Differences:
        return reckoning_differs(str(wanted), self.seen, self.zone, self.claims)

    def _counted(self, wanted: Stated) -> Differences:
        return counting_differs(str(wanted), self.kind, self.seen, self.claims)

    def _allowed(self, wanted: Stated) -> Differences:
        for code in (wanted,) if isinstance(wanted, str) else wanted:
            state = self._step(code)
            if state is None:
                yield f"没有步骤 {code}"
            elif not state.is_allowed:
                yield f"步骤 {code} 应可办，实被拒：{_reasons(state.refusals) or '不在这个阶段'}"

    def _not_allowed(self, wanted: Stated) -> Differences:
        state = self._step(str(wanted))
        if state is None:
            yield f"没有步骤 {wanted}"
        elif state.is_allowed:
            yield f"步骤 {wanted} 应被拒，实可办"
        else:
            clauses = {clause for refusal in state.refusals for clause in refusal.clauses}
            for clause in self._words("clause"):
                if clause not in clauses:
                    yield f"步骤 {wanted} 应依据 {clause} 被拒，实依据 {_listed(sorted(clauses))}"

    def _missing(self, wanted: Stated) -> Differences:
        refusals = self.refused.refusals if self.refused is not None else ()
        if "not_allowed" in self.claims:
            state = self._step(str(self.claims["not_allowed"]))
            refusals = state.refusals if state is not None else ()
        missing = {item.code for refusal in refusals for item in refusal.missing}
        for code in (wanted,) if isinstance(wanted, str) else wanted:
            if code not in missing:
                yield f"应指出缺 {code}，实指出缺 {_listed(sorted(missing))}"

    def _opened_to(self, wanted: Stated) -> Differences:
        """`none`: open to everybody within reach."""
        seen = () if self.seen.only_for is None else tuple(map(_slot, self.seen.only_for))
        claimed = () if wanted == NONE else self._words("opened_to")
        if self.seen.only_for is None and claimed:
            yield f"应保密，只开启给 {_listed(claimed)}，实不保密"
        elif self.seen.only_for is not None and wanted == NONE:
            yield f"不应保密，实只开启给 {_listed(seen)}"
        elif sorted(claimed) != sorted(seen):
            yield f"应只开启给 {_listed(claimed)}，实开启给 {_listed(seen)}"

    def _moved_to(self, wanted: Stated) -> Differences:
        if (self.seen.moved_to or NONE) != wanted:
            yield f"应移交到 {wanted}，实为 {self.seen.moved_to or NONE}"

    def _merged_into(self, wanted: Stated) -> Differences:
        if (self.seen.merged_into or NONE) != wanted:
            yield f"应并入 {wanted}，实为 {self.seen.merged_into or NONE}"

    def _wake_at(self, wanted: Stated) -> Differences:
        if wanted == NONE:
            if self.seen.wake_at is not None:
                yield f"不应有下一次唤醒，实为 {self._shown(self.seen.wake_at)}"
        elif not self._same_instant(str(wanted), self.seen.wake_at):
            yield f"下一次唤醒应为 {wanted}，实为 {self._shown(self.seen.wake_at)}"

    def _fact(self, code: str, wanted: Stated) -> Differences:
        fact = self.kind.facts.get(code)
        if fact is None:
            yield f"没有事实 {code}"
            return
        seen = self.seen.facts.get(code)
        if wanted == NONE:
            if seen is not None:
                yield f"{code}（{fact.name}）不应有值，实为 {seen}"
            return
        if fact.type is FactType.GROUP:
            roles = [str(member).partition(":")[0] for member in (seen if isinstance(seen, tuple) else ())]
            missing = [role for role in ((wanted,) if isinstance(wanted, str) else wanted) if role not in roles]
            if missing:
                yield f"{code}（{fact.name}）应有 {_listed(missing)}，实有 {_listed(roles)}"
            return
        try:
            value: Value = parse(fact, wanted, self.zone)
        except ValueUnreadable as unreadable:
            yield f"{code}（{fact.name}）读不懂“{wanted}”：{unreadable}"
            return
        if value != seen:
            yield f"{code}（{fact.name}）应为 {wanted}，实为 {seen}"

    def _balance(self, wanted: Stated) -> Differences:
        amount = read_amount(self._word("is") or "")
        if amount is None:
            yield f"看不懂余额“{self.claims.get('is', '')}”，请写 is: 8000元"
            return
        yield from balance_differs(self.kind, self.seen, self.opening, str(wanted), amount)

    def _published(self, wanted: Stated) -> Differences:
        return publication_differs(self.kind, self.seen, str(wanted), self._word, self._words, self._same_instant)

    def _step(self, code: str) -> StepState | None:
        return next((state for state in self.seen.steps if state.code == code), None)

    def _same_instant(self, text: str, seen: datetime | None) -> bool:
        return text == NONE if seen is None else read_instant(text, self.zone) == seen

    def _shown(self, at: datetime | None) -> str:
        return NONE if at is None else at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


_CHECKS: Final[dict[str, Callable[[Claims, Stated], Differences]]] = {
    "level": Claims._level,
    "because": Claims._because,
    "next_level": Claims._next_level,
    "means": Claims._means,
    "stage": Claims._stage,
    "obligation": Claims._obligation,
    "approval": Claims._approval,
    "notice": Claims._notice,
    "escalated": Claims._escalated,
    "reminded": Claims._reminded,
    "taken": Claims._taken,
    "balance": Claims._balance,
    "opens": Claims._opens,
    "sample": Claims._sample,
    "counted": Claims._counted,
    "measured": Claims._measured,
    "published": Claims._published,
    "allowed": Claims._allowed,
    "not_allowed": Claims._not_allowed,
    "missing": Claims._missing,
    "wake_at": Claims._wake_at,
    "opened_to": Claims._opened_to,
    "moved_to": Claims._moved_to,
    "merged_into": Claims._merged_into,
}
_BESIDE: Final[dict[str, tuple[str, ...]]] = {
    "obligation": ("due", "is", "owner", "receipt", "clause"),
    "approval": ("is", "waiting_for", "stuck"),
    "notice": ("is", "to", "due", "ways"),
    "escalated": ("is", "to"),
    "reminded": ("is", "to"),
    "taken": ("is",),
    "balance": ("is",),
    "opens": ("is", "carries", "times"),
    "sample": ("is", "drawn", "base", "left", "since", "until"),
    "counted": ("is", "value", "alike"),
    "measured": ("is", "since", "until"),
    "published": ("is", "seen_by", "until", "says", "times"),
    "not_allowed": ("clause",),
}


def _of_one(seen: Obligation) -> str:
    """`task#unit-property`: one of the obligations that a duty opens for each value of a fact."""
    return f"{seen.duty}#{seen.key.partition('#')[2]}"


def _slot(who: Who) -> str:
    return f"{who.role}:{who.person}" if who.person is not None else who.group or who.role


def _reasons(refusals: Iterable[Refusal]) -> str:
    return "；".join(refusal.says or refusal.code for refusal in refusals)


def _listed(words: Iterable[str]) -> str:
    return "、".join(words) or NONE
