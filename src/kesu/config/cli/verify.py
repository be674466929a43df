"""`kesu verify`: is the log what was written? And the export for somebody who checks it without this program."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.casefile.proof.findings import Finding

_KEEP: Final = "停止改动，保留现场和全部备份，请与更早的备份和另存的签名对照"
_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "event_changed": ("{case} 第 {seq} 条记录被改过", _KEEP),
    "link_broken": ("{case} 第 {seq} 条记录与前一条接不上", _KEEP),
    "event_missing": ("{case} 缺第 {seq} 条记录", _KEEP),
    "events_beyond_head": ("{case} 从第 {seq} 条起的记录不是程序写入的", _KEEP),
    "log_cut": ("{case} 的记录从第 {seq} 条起被截断", _KEEP),
    "case_without_head": ("{case} 有记录而没有案件", _KEEP),
    "case_missing": ("{case} 整件不见了，签过名的清单里有它", _KEEP),
    "identity_changed": ("{case} 的制度、日历、项目、时间或编号与签名时不同", _KEEP),
    "rewritten": ("{case} 到第 {seq} 条为止的记录与签名时不同", _KEEP),
    "body_changed": ("{case} 第 {seq} 条记录的文字与它的指纹不符", _KEEP),
    "body_unproven": ("{case} 第 {seq} 条记录本来没有文字，现在多出一段", _KEEP),
    "body_destroyed": ("{case} 第 {seq} 条记录的文字已销毁，指纹仍在", ""),
    "file_missing": ("{case} 第 {seq} 条记录附的文件 {file} 不见了", _KEEP),
    "file_changed": ("{case} 第 {seq} 条记录附的文件 {file} 不是当时的那个", _KEEP),
    "file_row_changed": ("{case} 第 {seq} 条记录附的文件 {file} 的登记（指纹、条号或项目）与记录不同", _KEEP),
    "file_unproven": ("{case} 多出一个文件 {file}，没有一条记录说到它", _KEEP),
    "key_missing": ("{case} 的文字解不开，没有核对", "请用写入时的密钥文件再核对一次"),
    "night_missing": ("缺第 {night} 夜的签名", _KEEP),
    "night_changed": ("{night} 这一夜的签名文件与登记的不同", _KEEP),
    "night_unsigned": ("{night} 这一夜的签名不符", _KEEP),
    "night_unlinked": ("{night} 这一夜与前一夜接不上", _KEEP),
    "signer_unknown": ("{night} 这一夜由不认识的密钥签名", "请用签名时的密钥文件再核对一次"),
    "list_changed": ("{night} 这一夜的清单与签名不符", _KEEP),
    "sealed_list_changed": ("{night} 这一夜密封件的清单与签名不符", _KEEP),
    "policy_changed": ("制度 {case} 的正本与它的指纹不符", _KEEP),
    "house_changed": ("组织改动记录第 {seq} 条被改过，或与前一条接不上", _KEEP),
    "house_cut": ("组织改动记录从第 {seq} 条起被截掉：那一夜签过名的还在", _KEEP),
    "house_missing": ("组织改动记录缺第 {seq} 条", _KEEP),
    "calendar_changed": ("日历 {case} 与它的指纹不符", _KEEP),
    "no_night": ("还没有任何一夜的签名，只核对了记录自身", ""),
    "copy_missing": (
        "另存的文件夹里没有 {night} 这一夜",
        "换过文件夹的，请把旧文件夹里的文件或导出里 nights 的文件拷过去；不是的，请查是谁删的",
    ),
    "copy_differs": ("{night} 这一夜在数据库里与另存的不同", _KEEP),
    "nights_cut": ("另存的文件夹里有 {night}，数据库里没有这一夜：数据库被截短或退回过旧的状态", _KEEP),
    "folder_unreadable": ("另存签名的文件夹读不到", "请检查 KESU_HEADS_DIR 指的文件夹是否挂上"),
}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("verify", help="核对记录有没有被改、被删、被截断")
    parser.add_argument("--sealed", action="store_true", help="连密封件一起核对或导出；只由获准的人使用")
    parser.add_argument("--export", type=Path, metavar="DIR", help="写出供独立核对的文件（不含文字和姓名）")
    parser.add_argument(
        "--case", metavar="NUMBER", help="与 --export 同用：连这一件的文字和附件原样写出，交给要核对它的人"
    )
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 where nothing is wrong, 1 where something is."""
    attach(arguments)
    if arguments.export is not None:
        return _export(arguments.export, is_sealed=arguments.sealed, opened=arguments.case)
    if arguments.case is not None:
        raise Trouble(
            "没有说写到哪里", why="--case 要与 --export 同用", advice="./kesu verify --export 文件夹 --case 编号"
        )
    return _verify(is_sealed=arguments.sealed)


def _verify(*, is_sealed: bool) -> int:
    from django.conf import settings

    from kesu.queries.proof.verify_log import verify_log

    found = verify_log(is_sealed=is_sealed, folder=settings.KESU_HEADS_DIR)
    for finding in found.findings:
        print(_sentence(finding))
    left = found.faults - sum(finding.is_fault for finding in found.findings)
    if left:
        print(f"还有 {left} 处有误，没有逐条列出。")
    scope = "含密封件" if is_sealed else "不含密封件"
    ended = f"{found.faults} 处有误" if found.faults else "没有发现问题"
    print(f"核对 {found.cases} 件、{found.events} 条记录（{scope}）：{ended}。")
    return 1 if found.faults else 0


def _sentence(finding: Finding) -> str:
    what, advice = _SENTENCES[finding.found.value]
    text = what.format(case=finding.case, seq=finding.seq, night=finding.night, file=finding.file)
    return f"有误：{text}。{advice}。" if finding.is_fault else f"说明：{text}。"


def _export(folder: Path, *, is_sealed: bool, opened: str | None) -> int:
    from kesu.config.verifier import kesu_verify
    from kesu.core.errors import NotFound
    from kesu.queries.proof.export_log import export_log

    if folder.exists() and any(folder.iterdir()):
        raise Trouble(f"{folder} 不是空的", why="导出不与别的文件混在一起", advice="换一个新的文件夹")

    def write(name: str, lines: Iterable[str]) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)

    def write_bytes(name: str, content: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    try:
        nights = export_log(write, write_bytes, is_sealed=is_sealed, opened=opened)
    except NotFound as fault:
        raise Trouble(f"没有编号为 {opened} 的诉件", advice="写诉件的完整编号；密封件不能这样写出") from fault
    (folder / "nights").mkdir(exist_ok=True)
    verifier = Path(kesu_verify.__file__)
    (folder / verifier.name).write_bytes(verifier.read_bytes())
    if opened is not None:
        print(f"{folder} 里有 {opened} 的文字和附件原样，含个人信息：只交给有权看的人，用后删除。")
    print(f"已写到 {folder}，{nights} 夜签名。核对：python3 {folder / verifier.name} {folder} --heads 另存的文件夹")
    return 0
