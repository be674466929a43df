"""`kesu rebuild`: compares the rows that lists read with the log, with the streams of matters, or with what is kept of
customers, and with `--write` brings them in line."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.casefile.proof.rebuilding import Comparison, Difference

_TABLES: Final = {
    "case": "案件",
    "card": "案件卡片",
    "obligation": "义务",
    "owner": "义务的承办人",
    "party": "参与人",
    "ledger": "台账",
    "measure": "指标",
    "publication": "公示",
    "mention": "提到的诉件",
}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("rebuild", help="由记录重算列表所读的各行，逐行比较；--write 改正")
    parser.add_argument("--case", metavar="编号", help="只看这一件")
    parser.add_argument("--sample", type=int, metavar="N", help="只看 N 件，每天不同；不写就是全部")
    parser.add_argument("--customers", action="store_true", help="比较客户的列表、查找和查重所读的行，不比较诉件")
    parser.add_argument("--matters", action="store_true", help="比较同一事项的成员和人数，不比较诉件")
    parser.add_argument("--write", action="store_true", help="有差别的按记录改正")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """1 where rows differ (and were not brought in line) or a log cannot be read."""
    attach(arguments)
    from kesu.core.clock import now
    from kesu.core.errors import NotFound
    from kesu.queries.proof.rows_of_case import cases_to_compare

    if arguments.customers:
        return _customers(write=arguments.write)
    if arguments.matters:
        return _matters(write=arguments.write)
    at = now()
    try:
        cases = cases_to_compare(arguments.case, arguments.sample, at.date())
    except NotFound as missing:
        raise Trouble(f"没有找到 {arguments.case}", advice="请核对编号；密封件每天早晨重算，不在此列") from missing
    counts: Counter[str] = Counter()
    for case_id in cases:
        counts[_look(case_id, write=arguments.write)] += 1
    print(
        f"比较 {counts.total()} 件：一致 {counts['same']}，有差别 {counts['different']}，已改正 {counts['written']}，"
        f"岗位换人待更新 {counts['moved']}，等待唤醒或正在办理、未比较 {counts['due']}，读不懂 {counts['unreadable']}。"
    )
    return 1 if counts["different"] or counts["unreadable"] else 0


def _customers(*, write: bool) -> int:
    """1 where rows differ and were not brought in line. Names nobody."""
    from kesu.commands.nightly.rebuild_customers import rebuild_customers
    from kesu.queries.proof.rows_of_customers import customers_by_hundreds, customers_that_differ

    compared = different = 0
    for ids in customers_by_hundreds():
        compared += len(ids)
        if wrong := customers_that_differ(ids):
            different += len(wrong)
            print("\n".join(f"客户 {one}：列表所读的行与所存的不同" for one in sorted(wrong)))
            if write:
                rebuild_customers(ids=wrong)
    print(f"比较客户 {compared} 位：有差别 {different}，{'已改正' if write else '没有改动'}。")
    return 1 if different and not write else 0


def _matters(*, write: bool) -> int:
    """1 where rows differ and were not brought in line."""
    from kesu.commands.nightly.rebuild_matter import rebuild_matter
    from kesu.core.clock import now
    from kesu.queries.proof.rows_of_matters import matters_compared

    found = list(matters_compared())
    wrong = [one.id for one in found if one.differs]
    for matter_id in wrong:
        print(f"同一事项 {matter_id}：所存的成员、人数与它的记录不同")
        if write:
            rebuild_matter(matter_id=matter_id, at=now())
    print(f"比较同一事项 {len(found)} 个：有差别 {len(wrong)}，{'已改正' if write else '没有改动'}。")
    return 1 if wrong and not write else 0


def _look(case_id: Any, *, write: bool) -> str:
    from kesu.commands.nightly.rebuild_case import rebuild_case
    from kesu.core.clock import now
    from kesu.queries.proof.rows_of_case import compared

    try:
        found = compared(case_id, now())
    except (ValueError, KeyError, AssertionError) as fault:
        print(f"{case_id}：记录读不懂（{type(fault).__name__}）。先用 kesu verify 核对，再比较。")
        return "unreadable"
    if found is None:
        return "due"
    for difference in found.differences:
        print(told_of(found, difference))
    if write and found.differences:
        rebuild_case(case_id=case_id, at=now())
        return "written"
    return found.outcome.value


def told_of(found: Comparison, difference: Difference) -> str:
    """One difference as the command prints it: which row of which table, and what it should say."""
    place = f"{found.number}：{_TABLES[difference.table]} {difference.row}".rstrip()
    if not difference.column:
        return f"{place}，{'少一行' if not difference.stored else '多一行'}"
    values = f"：现为 {difference.stored or '空'}，按记录应为 {difference.rebuilt or '空'}"
    return f"{place} 的 {difference.column} 不同" + (values if difference.stored or difference.rebuilt else "")
