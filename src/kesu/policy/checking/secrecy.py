"""Work that falls to people who are not let in on a confidential case, and cases out of it that are open to all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.policy.checking.certainty import exclude_each_other
from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.checking.links import Ruling
from kesu.policy.model.conditions import Condition
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER, Who
from kesu.policy.telling.words import Words


def findings_of_secrecy(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """Duties and signatures that nobody could see to, because the case is not there for those who owe them."""
    secrecy = kind.secrecy
    if secrecy is None or secrecy.when is None:
        return
    words = Words(kind)
    let_in = {Who(HOLDER), Who(kind.holder), *(who for row in secrecy.opened_to.rows for who in row.use)}
    for what, when, owed_by in _owed(kind):
        left_out = [who for who in owed_by if _is_of_the_house(kind, who) and who not in let_in]
        if left_out and not exclude_each_other(when, secrecy.when):
            said = (
                f"{what}由{words.people(left_out)}办，案件保密时{'他们' if len(left_out) > 1 else '他'}却看不到这一件，"
                "没有人能办。请把这个岗位写进 opened_to（开启给谁），或写明保密时由谁办。"
            )
            yield finder.finding("secrecy", "", secrecy.clauses, said)


def findings_of_what_it_opens(
    kind: Kind, kinds: Mapping[str, Kind], finder: Finder, ruling: Ruling
) -> Iterator[Finding]:
    """Linked cases that everybody sees, though the case that they come from is confidential: the program does not open
    them then. Of a kind that other policies rule, where none of the library keeps it from anybody."""
    if kind.secrecy is None or kind.secrecy.when is None:
        return
    for link in kind.opens.values():
        if exclude_each_other(link.when, kind.secrecy.when):
            continue
        policies = ruling(link.kind) if link.is_served else ()
        others = [policy.kinds[link.kind] for policy in policies] if link.is_served else [kinds[link.kind]]
        if others and all(other.secrecy is None for other in others):
            titles = f"（{'、'.join(policy.title for policy in policies)}）" if policies else ""
            mend = f"请让管 {link.kind} 的制度{titles}也写" if link.is_served else f"请给 {link.kind} 也写"
            said = (
                f"案件保密时开立的“{link.name}”却不保密，看得到它的人就知道有这一件，程序那时不开。{mend} "
                "secrecy（保密），或写明保密时不开立。"
            )
            yield finder.finding("opens", link.code, link.clauses, said)


def findings_of_linked_secrets(kind: Kind, kinds: Mapping[str, Kind], finder: Finder) -> Iterator[Finding]:
    """Confidential cases that are linked with other ones: not kept from whom the first is kept, or bringing back what
    they may not tell."""
    for link in kind.opens.values():
        theirs = None if link.is_served else kinds[link.kind].secrecy
        if theirs is None or theirs.when is None:
            continue
        own = kind.secrecy
        if own is None and link.brings:
            said = (
                f"“{link.name}”保密时什么也不带回来，只说它已经结束：看得到本件的人本来都会看到。请给本件也写 secrecy"
                "（保密），或不要靠 brings（带回）往下走。"
            )
            yield finder.finding("opens", link.code, link.clauses, said)
        hidden = own.hidden_from if own is not None and not exclude_each_other(link.when, own.when) else None
        if hidden is not None and (theirs.hidden_from is None or link.carries.get(theirs.hidden_from) != hidden):
            said = (
                f"本件瞒着 {hidden} 里的人，开立的“{link.name}”却不瞒着他们。请给 {link.kind} 写 secrecy（保密）的 "
                f"hidden_from（回避），并在 carries（带去的事实）里把 {hidden} 带去。"
            )
            yield finder.finding("opens", link.code, link.clauses, said)


def _owed(kind: Kind) -> Iterator[tuple[str, Condition | None, tuple[Who, ...]]]:
    for duty in kind.duties.values():
        yield f"义务“{duty.name}”", duty.when, tuple(dict.fromkeys(row.use for row in duty.owner.rows))
    for approval in kind.approvals.values():
        links = (row.use for link in approval.chain for row in link.rows if row.use is not None)
        yield f"审批“{approval.name}”", approval.when, tuple(dict.fromkeys(who for link in links for who in link.who))


def _is_of_the_house(kind: Kind, who: Who) -> bool:
    return bool(who.group) or who.role in kind.roles or who.role == HOLDER
