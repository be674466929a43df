"""What a complaint policy must say before it can be put in force, as questions with the usual answers.

The questions are those that rules about complaint policies ask of every one: how people complain, what is accepted, who
takes it in, by when, how it is handled and judged, who approves, what the customer is told, what is reviewed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kesu.config.trouble import Trouble


class Answer(StrEnum):
    TEXT = "text"
    LIST = "list"
    DURATION = "duration"
    PERIOD = "period"
    BY_LEVEL = "by_level"  # a length for each level
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is the key in a file of answers; `usual` stands where nothing is answered, as it would be typed."""

    key: str
    asks: str
    usual: str
    kind: Answer = Answer.TEXT


QUESTIONS: Final = (
    Question("title", "制度叫什么名字", "客户投诉处理办法"),
    Question("number", "文件编号", "QY-KH-001"),
    Question("scope", "管哪些事、谁可以来投诉", "适用于客户和其他相关方对本公司的投诉"),
    Question("prefix", "案件编号的字头（大写字母）", "TS"),
    Question("channels", "可以怎样投诉（用顿号分开；客户网上自己提交的写“网络”）", "电话、来访、网络", Answer.LIST),
    Question("accepts", "受理要什么条件", "与本公司的房屋或服务有关，说明了事由和联系方式"),
    Question("intake", "由哪个岗位受理", "客服专员"),
    Question("manager", "由哪个岗位负责和督办", "客服部经理"),
    Question("register_within", "收到后多久内登记", "1个工作日", Answer.DURATION),
    Question("categories", "投诉分哪几类（用顿号分开）", "房屋、服务、其他", Answer.LIST),
    Question("levels", "投诉分几级（从低到高，用顿号分开）", "一般、重大", Answer.LIST),
    Question("answer_within", "各级从登记起多久内答复方案", "5个工作日、3个工作日", Answer.BY_LEVEL),
    Question("settle_within", "各级从登记起多久内办结", "20个工作日、15个工作日", Answer.BY_LEVEL),
    Question("approver", "方案由哪个岗位批准", "公司分管领导"),
    Question("approved_from", "从哪一级起要批准（写级别的名字；都要批准的写最低一级）", "重大", Answer.LEVEL),
    Question("measures", "用什么方法办理，采取什么措施", "查明原因，拟定方案，整改以后验证"),
    Question("callback_within", "办妥后多久内回访", "3个工作日", Answer.DURATION),
    Question("evaluation", "怎样评估办得好不好", "问客户是否满意并记下来"),
    Question(
        "told_received", "收到时怎样告诉客户（{title} 是主题，{case} 是编号）",
        "您反映的“{title}”我们已经收到，编号 {case}。",
    ),
    Question(
        "told_accepted", "受理后怎样告诉客户", "您反映的“{title}”（{case}）已经受理，我们会按期答复您。"
    ),
    Question(
        "told_declined", "不受理时怎样告诉客户（{decline_reason} 是理由）",
        "您反映的“{title}”（{case}）我们没有受理：{decline_reason}",
    ),
    Question("told_result", "办妥后怎样告诉客户", "您反映的“{title}”（{case}）已经办妥，请查看。稍后会有人回访。"),
    Question("review_every", "多久审核评估一次投诉工作（周、月、季、半年、年）", "季", Answer.PERIOD),
    Question("training_every", "多久培训一次受理人员（周、月、季、半年、年）", "半年", Answer.PERIOD),
)  # fmt: skip
_PERIODS: Final = ("周", "月", "季", "半年", "年")
_FORBIDDEN: Final = '"\\\n\r\t'
_MOST_LEVELS: Final = 6

Answers = dict[str, Any]
"""By the key of the question: a text, a list of texts, or for lengths by level a list in the order of the levels."""


def ask_all(ask: Callable[[str], str], tell: Callable[[str], None]) -> Answers:
    """One after another: `ask` shows a question and gives what was typed, empty for the usual answer. What cannot be
    read is told and asked again."""
    answers: Answers = {}
    for number, question in enumerate(QUESTIONS, start=1):
        while question.key not in answers:
            usual = _usual(question, answers)
            typed = ask(f"{number}/{len(QUESTIONS)} {question.asks}［{usual}］：").strip()
            try:
                answers[question.key] = _read(question, typed or usual, answers)
            except Trouble as trouble:
                tell(f"  {trouble.what}。{trouble.advice}")
    return answers


def answers_from(written: Mapping[str, Any]) -> Answers:
    """From a file: what it leaves out is answered as usual. Raises `Trouble` with every answer that cannot be read."""
    keys = [question.key for question in QUESTIONS]
    unknown = [str(key) for key in written if key not in keys]
    wrong = [f"没有 {'、'.join(unknown)} 这个问题，有的是 {'、'.join(keys)}"] if unknown else []
    answers: Answers = {}
    for question in QUESTIONS:
        given = written.get(question.key, _usual(question, answers))
        try:
            answers[question.key] = _read(question, given, answers)
        except Trouble as trouble:
            wrong.append(f"{question.key}：{trouble.what}。{trouble.advice}")
            answers[question.key] = _read(question, _usual(question, answers), answers)
    if wrong:
        raise Trouble("有的回答看不懂", why="；".join(wrong), advice="改好以后再来一次")
    return answers


def _usual(question: Question, answers: Mapping[str, Any]) -> str:
    """Fitted to the levels that were answered."""
    if question.kind is Answer.LEVEL:
        levels = answers["levels"]
        return question.usual if question.usual in levels else str(levels[-1])
    if question.kind is Answer.BY_LEVEL:
        lengths = question.usual.split("、")
        return "、".join(lengths[min(at, len(lengths) - 1)] for at in range(len(answers["levels"])))
    return question.usual


def _read(question: Question, given: Any, answers: Mapping[str, Any]) -> Any:
    if question.kind in {Answer.LIST, Answer.BY_LEVEL}:
        return _list(question, given, answers)
    text = _text(given)
    if question.kind is Answer.DURATION:
        return _duration(text)
    if question.kind is Answer.PERIOD and text not in _PERIODS:
        raise Trouble(f"看不懂周期 {text}", advice=f"请写 {'、'.join(_PERIODS)} 之一")
    if question.kind is Answer.LEVEL and text not in answers["levels"]:
        raise Trouble(f"没有级别 {text}", advice=f"请写 {'、'.join(answers['levels'])} 之一")
    if question.key == "prefix" and not (text.isascii() and text.isalpha() and text.isupper() and len(text) <= 4):
        raise Trouble(f"字头 {text} 不合适", advice="请写一到四个大写字母")
    return text


def _list(question: Question, given: Any, answers: Mapping[str, Any]) -> list[str]:
    if isinstance(given, Mapping):  # lengths by the name of the level
        lacking = [level for level in answers["levels"] if level not in given]
        if lacking:
            raise Trouble(f"没有写 {'、'.join(lacking)} 这几级", advice="每级写一个期限")
        given = [given[level] for level in answers["levels"]]
    parts = [_text(one) for one in (given if isinstance(given, list) else str(given).split("、"))]
    if question.kind is Answer.BY_LEVEL:
        if len(parts) != len(answers["levels"]):
            raise Trouble(f"级别有 {len(answers['levels'])} 级，期限写了 {len(parts)} 个", advice="每级写一个期限")
        return [_duration(one) for one in parts]
    if len(set(parts)) != len(parts):
        raise Trouble("有重复的", advice="每个只写一次")
    if question.key == "levels" and not 2 <= len(parts) <= _MOST_LEVELS:
        raise Trouble(f"写了 {len(parts)} 级", advice=f"请写两级到 {_MOST_LEVELS} 级")
    return parts


def _text(given: Any) -> str:
    text = str(given).strip()
    if not text:
        raise Trouble("这一项没有写", advice="请写一个")
    if set(_FORBIDDEN) & set(text):
        raise Trouble("里面有英文引号、反斜杠或换行", advice="引号请用“”，写在一行里")
    return text


def _duration(text: str) -> str:
    from kesu.policy.calendar import DurationUnreadable, parse_duration

    try:
        return str(parse_duration(text))
    except DurationUnreadable as unreadable:
        raise Trouble(f"看不懂时长 {text}", advice="例如 1个工作日、4工作小时、10天、1个月") from unreadable
