"""`kesu policy new CODE`: asks what a complaint policy must say, and writes a pack that runs and that its author then
refines. The pack itself stands in `draft/`, as it will be written, with places for the answers."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from kesu.config.authoring import finding
from kesu.config.authoring.questions import Answers, answers_from, ask_all
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.policy.calendar import Calendar

_DRAFT: Final = Path(__file__).parent / "draft"
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
_RECEIVED: Final = datetime(2026, 7, 6, 10, 0)  # noqa: DTZ001 a Monday of the sample calendar, in its own time
_MINUTES: Final = {"received": 0, "registered": 1, "classified": 2, "signed": 3, "answered": 4}
_OPENS: Final = {"周": (7, 6), "月": (7, 1), "季": (7, 1), "半年": (7, 1), "年": (1, 1)}
_YEAR: Final = 2026


def add_parser(actions: Any) -> None:
    one = actions.add_parser("new", help="问清一部投诉制度必须写明的事，写出一份能用的草稿")
    one.add_argument("code", metavar="代码", help="新制度的代码：小写字母开头，字母、数字和下划线")
    one.add_argument("--answers", type=Path, metavar="文件", help="回答写在这个 YAML 里，不在终端上问")
    one.add_argument("--into", type=Path, metavar="文件夹", help="写到哪个文件夹下面（默认制度库）")


def run(arguments: argparse.Namespace) -> int:
    """0 when the pack is written; nothing that is there already is written over."""
    code = str(arguments.code).lower()
    if not _CODE.fullmatch(code):
        raise Trouble(f"代码 {code} 不合适", advice="请用小写字母开头，只用字母、数字和下划线，例如 tousu")
    folder = (arguments.into or _library_folder()) / code
    if folder.exists() or code in finding.library().codes:
        raise Trouble(f"已经有 {code} 了", advice="请换一个代码，或先把原来的文件夹挪开")
    answers = _answers(arguments.answers)
    for path, text in draft(code, answers).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    print(f"已写好 {folder}")
    if folder.parent.resolve() != _library_folder().resolve():
        print(f"检查和演算只看制度库：先把 {code} 放进 {_library_folder()}")
    print(f"接着：./kesu policy check {code}，./kesu policy test {code}，再照公司的文件逐条改")
    return 0


def _library_folder() -> Path:
    from kesu.casefile.library import library_folder

    return library_folder()


def _answers(file: Path | None) -> Answers:
    if file is None:
        print("直接回车就用方括号里的。写错了可以以后在文件里改。")
        return ask_all(input, print)
    import yaml

    try:
        written = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise Trouble(f"读不了 {file}", why=str(fault), advice="请核对路径和 YAML 的写法") from fault
    if not isinstance(written, dict):
        raise Trouble(f"{file} 里没有回答", advice="请一行一个，例如 title: 客户投诉处理办法")
    return answers_from(written)


def draft(code: str, answers: Answers) -> dict[str, str]:
    """Path → text of the whole pack, with texts in other languages that hold the Chinese word where a translation
    belongs."""
    from django.template import Context, Engine

    engine = Engine(autoescape=False)
    said = Context(_said(code, answers), autoescape=False)
    files = {
        file.relative_to(_DRAFT).as_posix(): engine.from_string(file.read_text("utf-8")).render(said)
        for file in sorted(_DRAFT.rglob("*.yaml"))
    }
    return files | _texts(code, files)


def _texts(code: str, files: Mapping[str, str]) -> dict[str, str]:
    import json

    from kesu.policy.language.texts import FOLDER, LANGUAGES
    from kesu.policy.loader import load_pack, pack_words

    pack = load_pack({**finding.library().texts, code: files}, code)
    words = "\n".join(
        f"  {json.dumps(address, ensure_ascii=False)}: {json.dumps(word, ensure_ascii=False)}"
        for address, word in pack_words(pack).items()
        if address.startswith(("pack.", "parameters.", "clauses.", "later.")) or word not in _inherited()
    )
    head = "# 待译：冒号后面现在是中文原文，请逐行换成译文；没有换的，页面上显示中文。\n"
    return {f"{FOLDER}{language}.yaml": f'{head}version: "1.0"\nwords:\n{words}\n' for language in LANGUAGES}


def _inherited() -> frozenset[str]:
    """Words that the pack it extends says already, in all languages."""
    from kesu.policy.loader import pack_words

    return frozenset(pack_words(finding.loaded("base")).values())


def _said(code: str, answers: Answers) -> dict[str, Any]:
    from kesu.policy.calendar import sample_calendar

    calendar = sample_calendar()
    levels = _levels(answers, calendar)
    names = answers["levels"]
    first = names.index(answers["approved_from"])
    due = {
        "register": _due(calendar, "received", answers["register_within"]),
        "callback": _due(calendar, "registered", answers["callback_within"]),
    }
    rounds = {what: _round(answers[f"{what}_every"], calendar) for what in ("review", "training")}
    return {
        **answers,
        "code": code,
        "level_names": names,
        "levels": levels,
        "higher": levels[:0:-1],
        "highest": levels[-1],
        "approved_from": levels[first]["code"],
        "approved_from_name": answers["approved_from"],
        "unapproved": levels[first - 1] if first else None,
        "is_online": "网络" in answers["channels"],
        "answers": [f"{one['name']} {one['answer_within']}" for one in levels],
        "settlements": [f"{one['name']} {one['settle_within']}" for one in levels],
        "at": {name: _written(_at(name)) for name in _MINUTES} | {what: one[0] for what, one in rounds.items()},
        "due": {name: _written(at) for name, at in due.items()} | {what: one[1] for what, one in rounds.items()},
        "before": {name: _written(at - timedelta(minutes=1)) for name, at in due.items()},
        "done": {what: one[2] for what, one in rounds.items()},
    }


def _levels(answers: Answers, calendar: Calendar) -> list[dict[str, str]]:
    found = []
    parts = zip(answers["levels"], answers["answer_within"], answers["settle_within"], strict=True)
    for number, (name, answer, settle) in enumerate(parts, start=1):
        level = {"code": f"level_{number}", "name": name, "answer_within": answer, "settle_within": settle}
        for what, length in (("answer", answer), ("settle", settle)):
            due = _due(calendar, "registered", length)
            level[f"{what}_due"] = _written(due)
            level[f"{what}_before"] = _written(due - timedelta(minutes=1))
        found.append(level)
    return found


def _at(name: str) -> datetime:
    return _RECEIVED + timedelta(minutes=_MINUTES[name])


def _due(calendar: Calendar, start: str, length: str) -> datetime:
    """In the calendar's own time."""
    from kesu.policy.calendar import deadline, parse_duration

    begins = _at(start).replace(tzinfo=ZoneInfo(calendar.zone))
    return calendar.local(deadline(calendar, begins, parse_duration(length)).due_at)


def _round(every: str, calendar: Calendar) -> tuple[str, str, str]:
    """When one is opened, when it is due, and some time in between."""
    from kesu.policy.language.schedule import PERIODS
    from kesu.policy.model.schedule import Due, Schedule
    from kesu.policy.occurrences import occurrence_at

    opens = datetime(_YEAR, *_OPENS[every], tzinfo=ZoneInfo(calendar.zone))
    found = occurrence_at(Schedule(PERIODS[every], Due()), opens, calendar)
    assert found is not None
    done = datetime.combine(opens.date() + timedelta(days=2), time(10))
    return _written(opens), _written(calendar.local(found.due_at)), _written(done)


def _written(at: datetime) -> str:
    """As scenarios write it: the end of a day is 24:00."""
    if at.time() == time(0) and at.date() > _RECEIVED.date():
        return f"{at - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{at:%Y-%m-%d %H:%M}"
