"""`kesu policy …`: what the policy library says and proves."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any, Final

from kesu.config.authoring import covering, diff, finding, manual, new, schema
from kesu.config.policies import renewing
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("policy", help="检查制度库，演算场景，对照条款，解释一件诉件")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    actions.add_parser("list", help="列出制度库里的制度")
    for action, words in (("check", "检查制度的写法"), ("test", "演算制度的场景")):
        one = actions.add_parser(action, help=words)
        one.add_argument("packs", nargs="*", metavar="制度", help="制度代码，不写就是全部")
    one = actions.add_parser("print", help="把制度写回一份中文文件，逐条说明程序怎样执行，供审阅和签名")
    one.add_argument("pack", metavar="制度")
    one = actions.add_parser("words", help="列出制度里要译的词句和它们的地址")
    one.add_argument("pack", metavar="制度")
    one.add_argument("--missing", metavar="语言", help="只列这种语言还没有译文的：zh-Hant 或 en")
    one = actions.add_parser("mutate", help="每次改动制度的一处，看场景会不会发觉；没发觉的要补场景或写明原因")
    one.add_argument("packs", nargs="*", metavar="制度", help="制度代码")
    one.add_argument("--all", action="store_true", help="全部制度")
    covering.add_parsers(actions)
    renewing.add_parser(actions)
    diff.add_parser(actions)
    new.add_parser(actions)
    schema.add_parser(actions)
    manual.add_parser(actions)
    one = actions.add_parser("explain", help="解释一件诉件现在的级别、义务和可办的步骤")
    one.add_argument("case", metavar="编号", help="诉件编号或标识")
    from kesu.config.installation import add_data_option

    add_data_option(one)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Does one action; 1 where a pack is wrong or a scenario fails."""
    return _ACTIONS[str(arguments.action)](arguments)


def _list(_arguments: argparse.Namespace) -> int:
    from kesu.policy.errors import PackInvalid

    library = finding.library()
    for code in library.codes:
        try:
            pack = library.load(code)
        except PackInvalid as invalid:
            print(f"{code}：不能用，{len(invalid.problems)} 处要改，见 kesu policy check {code}")
        else:
            print(f"{code}：{pack.title} {pack.version}，{len(pack.kinds)} 种诉件，{len(pack.clauses)} 条条款")
    return 0 if library.codes else 1


def _check(arguments: argparse.Namespace) -> int:
    from kesu.config.policies.checking import check

    library = finding.library()
    return check(library, finding.chosen(library, arguments.packs))


def _print(arguments: argparse.Namespace) -> int:
    from kesu.policy.telling.document import pack_lines

    for line in pack_lines(finding.loaded(arguments.pack)):
        print(line)
    return 0


def _words(arguments: argparse.Namespace) -> int:
    """In the form of a file of texts, with the Chinese word where its text will stand."""
    from kesu.policy.errors import nearest
    from kesu.policy.language.texts import LANGUAGES, missing_texts
    from kesu.policy.loader import pack_words

    language: str | None = arguments.missing
    if language is not None and language not in LANGUAGES:
        near = nearest(language, LANGUAGES)
        advice = f"是不是 {near}？" if near else f"可用：{'、'.join(LANGUAGES)}"
        raise Trouble(f"不认识语言 {language}", advice=advice)
    pack = finding.loaded(arguments.pack)
    words = pack_words(pack)
    if language is not None:
        words = missing_texts(words, pack.texts.get(language, {}))
    print(f'version: "{pack.version}"\nwords:')
    for address, word in words.items():
        print(f"  {json.dumps(address, ensure_ascii=False)}: {json.dumps(word, ensure_ascii=False)}")
    return 0


def _test(arguments: argparse.Namespace) -> int:
    from kesu.policy.calendar import sample_calendar
    from kesu.policy.errors import PackInvalid
    from kesu.policy.scenarios import run_scenarios

    library = finding.library()
    failed = played = 0
    for code in finding.chosen(library, arguments.packs):
        try:
            results = run_scenarios(library.load(code), library.scenarios(code), sample_calendar())
        except PackInvalid as invalid:
            failed += 1
            print(invalid)
            continue
        for result in results:
            played += 1
            failed += not result.passed
            print(f"{code} {result}")
    print(f"{played} 个场景，{failed} 个失败")
    return 1 if failed else 0


def _mutate(arguments: argparse.Namespace) -> int:
    """1 where a pack has a survivor without a reason, or more than one in twenty survive."""
    from kesu.policy.calendar import sample_calendar
    from kesu.policy.scenarios.surviving import survey

    library = finding.library()
    if not arguments.packs and not arguments.all:
        raise Trouble("没有说哪一部制度", advice="请写制度代码，或 --all")
    is_good = True
    for code in finding.chosen(library, arguments.packs):
        found = survey(finding.loaded(code), library.texts[code], library.scenarios(code), sample_calendar())
        print("\n".join(found.lines()))
        is_good &= found.is_good
    return 0 if is_good else 1


def _explain(arguments: argparse.Namespace) -> int:
    from kesu.config import installation

    installation.attach(arguments)
    from django.utils.timezone import get_default_timezone

    from kesu.core.clock import now
    from kesu.core.errors import NotFound
    from kesu.policy.events import subject_of
    from kesu.policy.explain import explain_lines
    from kesu.queries.cases.explain_case import explain_case

    try:
        found = explain_case(at=now(), case_ref=arguments.case)
    except NotFound as missing:
        raise Trouble(f"没有找到 {arguments.case}", advice="请核对编号；密封件不能用编号查") from missing
    subject = subject_of(found.log)
    print(f"{found.number}  {subject}" if subject else found.number)
    print("\n".join(explain_lines(found.pack, found.kind, found.standing, get_default_timezone())))
    return 0


_ACTIONS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "list": _list, "check": _check, "test": _test, "print": _print, "words": _words, "coverage": covering.coverage,
    "mutate": _mutate, "explain": _explain, "diff": diff.run, "compare": covering.compare,
    "new": new.run, "renew": renewing.renew, "schema": schema.run, "manual": manual.run,
}  # fmt: skip
