"""`kesu policy coverage`, and `kesu policy compare CATALOGUE`: what becomes of every clause."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesu.config import home
from kesu.config.authoring import finding
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.casefile.library import Library
    from kesu.policy.catalogue import Difference, Entry
    from kesu.policy.coverage import ClauseCoverage, Coverage

_ENFORCE: Final = {
    "automatic": "自动", "guard": "关卡", "reminder": "提醒", "record": "记录", "manual-norm": "规范",
}  # fmt: skip
_HONOURED: Final = {
    "enforced": "执行", "prompted": "提醒", "recorded": "记录", "manual": "规范", "product": "程序", "lost": "原文缺",
    "later": "以后", "unanswered": "无规则",
}  # fmt: skip
_DEPTH: Final = {"none": "无", "declared": "已写", "proved": "已证", "runs": "已跑通"}
_FINDINGS: Final = {
    "missing": "目录里有、制度里没有的条款",
    "no_status": "没有着落的条款：没有规则，也不在 provided、lost、later 里",
    "contradicted": "落实方式与目录不合的条款",
    "unknown": "目录里没有的条款",
    "no_pack": "制度库里没有的制度",
}


def add_parsers(actions: Any) -> None:
    one = actions.add_parser("coverage", help="逐条说明条款由哪条规则落实，规则由哪个场景证明")
    one.add_argument("packs", nargs="*", metavar="制度", help="制度代码，不写就是全部")
    one.add_argument("--json", action="store_true", help="输出 JSON：每条条款一项")
    one = actions.add_parser("compare", help="对照一份条款目录：哪些条款没有着落，哪些落实方式不合")
    one.add_argument("catalogue", metavar="目录", type=Path, help="YAML：一列 {pack, clause, enforce, text}")


def coverage(arguments: argparse.Namespace) -> int:
    """1 where a clause has neither rule nor reason."""
    from kesu.policy.errors import PackInvalid

    library = finding.library()
    found = []
    for code in finding.chosen(library, arguments.packs):
        try:
            found.append(_covered(library, code, with_figures=not arguments.json))
        except PackInvalid as invalid:
            raise Trouble(f"{code} 还不能用", why=str(invalid), advice="按上面的提示修改") from invalid
    if arguments.json:
        json.dump([one for each in found for one in each.to_documents()], sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        for each in found:
            print("\n".join(_lines(each)))
    return 1 if any(each.unanswered for each in found) else 0


def _covered(library: Library, code: str, *, with_figures: bool) -> Coverage:
    """What was proved is kept, for the pages that show it."""
    from kesu.casefile.proofs import kept_proofs, prove_and_keep
    from kesu.policy.calendar import sample_calendar
    from kesu.policy.coverage import coverage
    from kesu.policy.scenarios.proving import loose_figures

    pack, folder = library.load(code), home.home() / home.COMPILED
    known = kept_proofs(library, folder)
    proofs = known[code] if code in known else prove_and_keep(library, code, folder)
    loose = loose_figures(pack, library.scenarios(code), sample_calendar()) if with_figures else ()
    return coverage(pack, proofs, loose, library.driven.get(code, {}))


def _lines(found: Coverage) -> Iterator[str]:
    for each in found.clauses:
        yield _line(each)
    yield f"通用规则（没有条款要求）{len(found.generic)} 条：{'、'.join(found.generic) or '无'}"
    yield f"没有场景证明的规则 {len(found.unproved)} 条：{'、'.join(found.unproved) or '无'}"
    yield f"没有场景守住的数字 {len(found.loose_figures)} 个：{'、'.join(found.loose_figures) or '无'}"
    depths = [str(each.depth) for each in found.clauses]
    counts = "，".join(f"{words} {depths.count(depth)}" for depth, words in _DEPTH.items())
    total, open_ones = len(found.clauses), len(found.unanswered)
    yield f"{found.pack}（{found.document_number}）{total} 条条款：{counts}，无规则 {open_ones}"


def _line(each: ClauseCoverage) -> str:
    asked, honoured, depth = _ENFORCE[each.clause.enforce], _HONOURED[each.honoured], _DEPTH[each.depth]
    parts = [f"{each.clause.id} {each.clause.text} | 要求{asked} | {honoured} | {depth}"]
    if each.rules:
        parts.append("规则 " + "、".join(each.rules))
    if each.scenarios:
        parts.append("场景 " + "、".join(each.scenarios))
    if each.is_weaker:
        parts.append("比要求弱")
    if each.reason:
        parts.append("说明 " + each.reason)
    return " | ".join(parts)


def compare(arguments: argparse.Namespace) -> int:
    """1 where the catalogue and the library disagree."""
    from kesu.policy.catalogue import compare
    from kesu.policy.coverage import coverage

    entries = _catalogue(arguments.catalogue)
    library = finding.library()
    named = {entry.pack for entry in entries}
    packs = {code: coverage(finding.loaded(code), {}) for code in library.codes if code in named}
    found = list(compare(entries, packs))
    print(f"目录 {len(entries)} 条条款，{len(named)} 部制度，其中制度库里有 {len(packs)} 部")
    for what, words in _FINDINGS.items():
        mine = [one for one in found if one.finding == what]
        if mine:
            print(f"\n{words}（{len(mine)}）：")
            print("\n".join(map(_difference_line, mine)))
    if not found:
        print("全部相合。")
    return 1 if found else 0


def _difference_line(one: Difference) -> str:
    where = f"{one.pack} {one.clause}".rstrip()
    asked = f"，目录要求{_ENFORCE[one.asked]}" if one.asked else ""
    now = f"，制度是{_ENFORCE.get(one.found) or _HONOURED[one.found]}" if one.found else ""
    return f"  {where} {one.text}{asked}{now}"


def _catalogue(file: Path) -> list[Entry]:
    """Also one whose entries name `regime` and `id` (the regime, a hyphen, the clause) in place of `pack` and
    `clause`."""
    import yaml

    try:
        rows = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise Trouble(f"读不了 {file}", why=str(fault), advice="请核对路径和 YAML 的写法") from fault
    if not isinstance(rows, list):
        raise Trouble(f"{file} 不是一份条款目录", advice="请写成一列：- {pack: p10, clause: 3.2a, enforce: guard}")
    return [_entry(number, row) for number, row in enumerate(rows, start=1)]


def _entry(number: int, row: Any) -> Entry:
    from kesu.policy.catalogue import Entry
    from kesu.policy.model.pack import Enforcement

    try:
        pack = str(row["pack"] if "pack" in row else row["regime"])
        clause = str(row["clause"]) if "clause" in row else str(row["id"]).removeprefix(f"{pack}-")
        return Entry(pack.lower(), clause, Enforcement(row["enforce"]), str(row.get("text") or row.get("zh") or ""))
    except (KeyError, TypeError, ValueError) as fault:
        kinds = "、".join(each.value for each in Enforcement)
        raise Trouble(
            f"目录第 {number} 项看不懂",
            why=f"少了或写错了 {fault}",
            advice=f"每项要有 pack、clause 和 enforce（{kinds}）",
        ) from fault
