"""`kesu policy renew`: running cases go over to the version of their policy that is in force."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kesu.casefile.going_over import Difference, Hindrance
    from kesu.commands.policies.carry_over import CarriedOver, Left

_WHY: Final = {
    "kind": "新版里没有这种诉件：{names}",
    "sealed": "新版里这种诉件的保密办法不同：{names}",
    "stage": "新版里没有经过的阶段：{names}，可用 --stage 旧=新 对应",
    "level": "新版里没有定过的级别：{names}，可用 --level 旧=新 对应",
    "fact": "新版里没有已经填写的内容，或写法不同：{names}",
    "form": "新版里没有已经填过的表：{names}",
    "step": "新版里没有已经办过的移交或合并：{names}",
}


def add_parser(actions: Any) -> None:
    parser = actions.add_parser("renew", help="在办的诉件改按现行版本的制度办理")
    parser.add_argument("pack", metavar="制度", help="制度代码")
    parser.add_argument("--unit", metavar="CODE", help="只改这个单位及下级的；不写就全部")
    parser.add_argument("--stage", action="append", default=[], metavar="旧=新", help="阶段改了代码的，可以写几次")
    parser.add_argument("--level", action="append", default=[], metavar="旧=新", help="级别改了代码的，可以写几次")
    parser.add_argument("--reason", default="", metavar="TEXT", help="为什么改，记在改动里")
    parser.add_argument("--preview", action="store_true", help="只列出会变什么，什么都不改")
    add_data_option(parser)


def renew(arguments: argparse.Namespace) -> int:
    """1 where a case stays by an older version."""
    stages, levels = _table("--stage", arguments.stage), _table("--level", arguments.level)
    attach(arguments)
    from kesu.core.clock import now
    from kesu.core.errors import NotFound

    given: dict[str, Any] = {"pack_code": arguments.pack, "at": now(), "unit_id": _unit(arguments.unit)}
    given |= {"stages": stages, "levels": levels}
    try:
        return _preview(given) if arguments.preview else _renew(given, arguments.reason)
    except NotFound as missing:
        raise Trouble(f"没有采用过制度 {arguments.pack}，没有改动", advice="kesu policy list 列出制度") from missing


def _renew(given: dict[str, Any], reason: str) -> int:
    from kesu.commands.policies.carry_over import carry_over

    count = carry_over(**given, reason=reason, tell=_tell)
    print(f"在办 {count.cases} 件改按现行版本办理，其中 {count.moved} 件时限变了；封存的另行处理，不在此列。")
    if count.left:
        print(f"{count.left} 件仍按原来的版本办理，原因见上。")
    if count.held:
        print(f"{count.held} 件有人正在办，没有改；过一会儿再运行一次。")
    return 1 if count.left or count.held else 0


def _tell(found: CarriedOver | Left) -> None:
    from kesu.commands.policies.carry_over import Left

    if isinstance(found, Left):
        print(f"    {found.number}  没有改：{_why(found.why) if found.why else f'没有读出来（{found.fault}）'}")
    else:
        _changes(found.number, found.found)


def _preview(given: dict[str, Any]) -> int:
    from kesu.queries.policies.carrying_over import carrying_over

    count = left = 0
    for one in carrying_over(**given).rows:
        if one.found is None:
            left += 1
            print(f"    {one.number}  不能改：{_why(one.why)}")
            continue
        count += 1
        print(f"    {one.number}  {one.before} → {one.after}")
        _changes(one.number, one.found)
    print(f"{count} 件会改按现行版本办理，{left} 件不能改。这只是预览，什么都没有改。")
    return 1 if left else 0


def _changes(number: str, found: Difference) -> None:
    for moved in found.moves:
        print(f"    {number}  {moved.after.name}：{_local(moved.due_before)} → {_local(moved.due_after)}")
    for one in found.ended:
        print(f"    {number}  {one.name}：不再要办")
    for one in found.begun:
        print(f"    {number}  {one.name}：现在要办")
    if found.level[0] != found.level[1]:
        print(f"    {number}  级别：{found.level[0] or '无'} → {found.level[1] or '无'}")


def _why(why: Sequence[Hindrance]) -> str:
    said = [_WHY[one.why.value].format(names="、".join(one.names)) for one in why]
    return "；".join(said)


def _table(option: str, pairs: Sequence[str]) -> Mapping[str, str]:
    table = {}
    for pair in pairs:
        old, sign, new = pair.partition("=")
        if not (old and sign and new):
            raise Trouble(f"{option} 写成 旧=新，{pair} 读不懂", advice="没有改动")
        table[old] = new
    return table


def _local(instant: datetime) -> str:
    from django.utils.timezone import get_default_timezone

    return f"{instant.astimezone(get_default_timezone()):%F %H:%M}"


def _unit(code: str | None) -> UUID | None:
    if code is None:
        return None
    from kesu.config.cli.calendar import unit_of

    return unit_of(code)
