"""What a policy says of itself, told back: what it lies over, who stands above it, its days and its revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kesu.policy.model.charter import Change, Precedence
from kesu.policy.model.pack import Pack


def told_charter(pack: Pack) -> Iterator[str]:
    """Lines of Markdown, in the order in which a signer wants to know them; none for a policy that says nothing."""
    lines = [*_overlays(pack), *_standing(pack), *_days(pack)]
    if lines:
        yield ""
        yield "## 和其他制度的关系、施行和试行"
        yield ""
        yield from lines
    if pack.charter.revisions:
        yield ""
        yield "## 修订记录"
        yield ""
        yield "| 日期 | 版本 | 修改内容 | 修改 | 审核 | 批准 |"
        yield "|---|---|---|---|---|---|"
        for one in pack.charter.revisions:
            posts = f"{one.modified_by} | {one.reviewed_by} | {one.approved_by}"
            yield f"| {one.on} | {one.version} | {one.change} | {posts} |"


def told_demands(pack: Pack) -> Iterator[tuple[str, str]]:
    """(clause, sentence) for everything that it demands of other policies."""
    for one in pack.charter.requires.values():
        for clause in one.clauses:
            yield clause, f"- 公司的投诉制度都须写明：{one.name}。"


def _overlays(pack: Pack) -> Iterator[str]:
    charter = pack.charter
    if charter.is_overlay:
        yield f"- 叠加在主制度之上，{'补充以外的改动如下' if charter.changes else '只补充，不改动'}。"
        yield from _changes(pack, charter.changes)
    for one in charter.overlays:
        number = f"（{one.document_number}）" if one.document_number else ""
        yield f"- 叠加《{one.title}》{one.version} 版{number}。"
        yield from _changes(pack, one.changes)


def _changes(pack: Pack, changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        yield f"  - 改动办法：{change.says}（{_printed(pack, change.clauses)}）。"


def _standing(pack: Pack) -> Iterator[str]:
    for precedence, said in (
        (pack.charter.yields_to, "不一致时以{}为准"),
        (pack.charter.prevails_over, "不一致时优先于{}"),
    ):
        if precedence is not None:
            yield f"- {said.format(_named(precedence))}（{_printed(pack, precedence.clauses)}）。"


def _named(precedence: Precedence) -> str:
    return "、".join(code.upper() for code in precedence.packs) or "公司其他制度"


def _days(pack: Pack) -> Iterator[str]:
    effective, trial = pack.charter.effective, pack.charter.trial
    if effective.since is not None:
        yield f"- 自 {effective.since} 起施行（{_printed(pack, effective.clauses)}）。"
    if effective.until is not None:
        yield f"- 到 {effective.until} 为止（{_printed(pack, effective.clauses)}）。"
    if trial is not None:
        unclear = f"，{trial.unclear}" if trial.unclear else ""
        yield f"- 试行，施行满 {trial.review_after}后评估（{_printed(pack, trial.clauses)}{unclear}）。"


def _printed(pack: Pack, clauses: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(pack.clauses[one].printed for one in clauses if one in pack.clauses))
