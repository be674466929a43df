"""The lengths that a policy may write, and what is said about the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import Duration, DurationUnreadable, Unit, parse_duration


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("30分钟", 30, Unit.MINUTE),
        ("0分钟", 0, Unit.MINUTE),
        ("24小时", 24, Unit.HOUR),
        ("2工作小时", 2, Unit.WORK_HOUR),
        ("15天", 15, Unit.DAY),
        ("3个工作日", 3, Unit.WORKDAY),
        ("半天", 1, Unit.HALF_DAY),
        ("3个半天", 3, Unit.HALF_DAY),
        ("1周", 1, Unit.WEEK),
        ("半个月", 1, Unit.HALF_MONTH),
        ("1个月", 1, Unit.MONTH),
        ("1个季度", 1, Unit.QUARTER),
        ("1年", 1, Unit.YEAR),
        ("当天", 1, Unit.SAME_DAY),
        ("当个工作日", 1, Unit.SAME_WORKDAY),
        ("下次上班", 1, Unit.NEXT_START),
    ],
)
def test_it_reads_every_legal_unit_and_writes_it_back(text: str, amount: int, unit: Unit) -> None:
    assert parse_duration(text) == Duration(amount, unit)
    assert str(Duration(amount, unit)) == text


@given(st.sampled_from(Unit), st.integers(1, 5000))
def test_it_reads_back_every_text_that_it_writes(unit: Unit, amount: int) -> None:
    try:
        length = Duration(amount, unit)
    except ValueError:
        length = Duration(1, unit)
    assert parse_duration(str(length)) == length


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("三个工作日", "3个工作日"),
        ("十五天", "15天"),
        ("二十四小时", "24小时"),
        ("一百二十分钟", "120分钟"),
        ("两周", "2周"),
        ("3工日", "3个工作日"),
        ("3日", "3天"),
        ("3星期", "3周"),
        ("2月", "2个月"),
        ("1季", "1个季度"),
        ("3 个工作日", "3个工作日"),
        ("３个工作日", "3个工作日"),
        ("03天", "3天"),
        ("1.5个工作日", "3个半天"),
        ("1.5小时", "90分钟"),
        ("半年", "6个月"),
        ("0天", "当天"),
        ("0个工作日", "当个工作日"),
        ("9999年", "100年"),
        ("1" * 5000 + "天", "36500天"),
    ],
)
def test_it_refuses_other_texts_with_the_nearest_legal_one(text: str, suggestion: str) -> None:
    with pytest.raises(DurationUnreadable) as refusal:
        parse_duration(text)
    assert refusal.value.text == text
    assert refusal.value.suggestion == suggestion
    assert str(parse_duration(suggestion)) == suggestion


@pytest.mark.parametrize("text", ["", "3", "工作日", "尽快", "-3天", "1.25个月", "2个半月", "一个半月", "3天2小时"])
def test_it_suggests_nothing_where_no_length_is_near(text: str) -> None:
    with pytest.raises(DurationUnreadable) as refusal:
        parse_duration(text)
    assert refusal.value.suggestion == ""


def test_it_explains_chinese_numerals_and_unknown_units_in_chinese() -> None:
    with pytest.raises(DurationUnreadable) as refusal:
        parse_duration("三个工作日")
    assert str(refusal.value) == '看不懂"三个工作日"。数字请用阿拉伯数字：3个工作日'
    with pytest.raises(DurationUnreadable) as refusal:
        parse_duration("3工日")
    assert str(refusal.value) == (
        '没有"工日"这个单位。是不是"工作日"？可用：分钟 小时 工作小时 半天 天 工作日 周 半个月 个月 个季度 年'
    )


@given(st.text(max_size=12))
def test_it_answers_any_text_with_a_length_or_a_refusal(text: str) -> None:
    try:
        answer = str(parse_duration(text))
    except DurationUnreadable as refusal:
        answer = refusal.suggestion
    assert not answer or str(parse_duration(answer)) == answer


@pytest.mark.parametrize(("amount", "unit"), [(-1, Unit.MINUTE), (0, Unit.DAY), (2, Unit.SAME_DAY), (101, Unit.YEAR)])
def test_it_refuses_amounts_that_no_policy_can_mean(amount: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="amount"):
        Duration(amount, unit)


def test_it_extends_a_length_only_by_one_of_its_own_family() -> None:
    assert parse_duration("2个工作日").can_extend(parse_duration("3个工作日"))
    assert parse_duration("1周").can_extend(parse_duration("15天"))
    assert not parse_duration("2天").can_extend(parse_duration("3个工作日"))
    assert not parse_duration("当天").can_extend(parse_duration("当天"))
