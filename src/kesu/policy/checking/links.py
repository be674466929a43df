"""Links to what other policies rule: whether any policy of the library could take what is carried over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.language.opens import why_not_opened
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind, Pack

Ruling = Callable[[str], Sequence[Pack]]
"""The policies of the library that rule a kind of case."""


def opened_by_links(kinds: Iterable[Kind]) -> frozenset[str]:
    """The kinds of a policy that another one of it opens."""
    return frozenset(link.kind for kind in kinds for link in kind.opens.values() if not link.is_served)


def findings_of_links(kind: Kind, finder: Finder, ruling: Ruling) -> Iterator[Finding]:
    """Links to a kind that no policy of the library rules, or that each refuses for what the program cannot state."""
    for link in (one for one in kind.opens.values() if one.is_served):
        found = ruling(link.kind)
        reasons = [_reason(kind, link, pack) for pack in found]
        if not found:
            said = f"制度库里没有哪部制度管 {link.kind} 这种案件，“{link.name}”永远开不了。"
            yield finder.finding("opens", link.code, link.clauses, said)
        elif all(reasons):
            said = f"管 {link.kind} 的制度都开不了“{link.name}”；{found[0].title}：{reasons[0]}"
            yield finder.finding("opens", link.code, link.clauses, said)


def findings_of_named(kind: Kind, finder: Finder, ruling: Ruling) -> Iterator[Finding]:
    """Facts in which only cases could be named that no policy of the library rules."""
    for fact in (one for one in kind.facts.values() if one.kinds and all(each.is_served for each in one.kinds)):
        if not any(ruling(each.code) for each in fact.kinds):
            codes = "、".join(each.code for each in fact.kinds)
            said = f"制度库里没有哪部制度管 {codes} 这种案件，“{fact.name}”永远没有可以填的。"
            yield finder.finding("facts", fact.code, fact.clauses, said)


def _reason(kind: Kind, link: LinkedCase, pack: Pack) -> str:
    return next(why_not_opened(kind, link, pack.kinds[link.kind]), "")
