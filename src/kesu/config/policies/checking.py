"""`kesu policy check`: what is wrong with policies, alone and together, and what one of them demands of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kesu.casefile.library import Library
    from kesu.policy.checking import Together
    from kesu.policy.model.pack import Pack


def check(library: Library, codes: Sequence[str]) -> int:
    """Prints what is found; 1 where something is wrong. What a policy leaves undefined is a report and no mistake."""
    from kesu.policy.checking import Together

    packs = dict(_readable(library))
    wrong, together = 0, Together(library.texts)
    first = next((code for code in codes if code in packs and packs[code].charter.is_overlay), "")
    for code in codes:
        if code not in packs:
            wrong += _refused(library, code)
            continue
        pack = packs[code]
        print(f"{code}：{pack.title} {pack.version}，{len(pack.clauses)} 条条款，指纹 {pack.hash[:12]}")
        for said in (*_mistakes(library, pack, packs), *_apart(together, pack, packs, with_all=code == first)):
            wrong += 1
            print(said)
        for line in (*_undefined(pack, packs), *_untranslated(pack)):
            print(line)
    return 1 if wrong else 0


def _readable(library: Library) -> Iterator[tuple[str, Pack]]:
    from kesu.policy.errors import PackInvalid

    for code in library.codes:
        try:
            yield code, library.load(code)
        except PackInvalid:
            continue


def _refused(library: Library, code: str) -> int:
    from kesu.policy.errors import PackInvalid

    try:
        library.load(code)
    except PackInvalid as invalid:
        print(invalid)
        print(f"{code}：{len(invalid.problems)} 处要改")
    return 1


def _mistakes(library: Library, pack: Pack, packs: Mapping[str, Pack]) -> Iterator[str]:
    from kesu.policy.checking import look_over
    from kesu.policy.checking.demands import unknown_demands
    from kesu.policy.coverage import coverage

    for finding in look_over(library.texts, pack.code):
        yield str(finding)
    for clause_id in coverage(pack, {}).unanswered:
        text = pack.clauses[clause_id].text
        yield f"{pack.code}：{clause_id}「{text}」没有规则，请补规则，或写进 provided、lost、later 并说明"
    for demand in unknown_demands(pack, packs):
        yield f"{pack.code}：lost 里写了 {demand}，没有制度提出这一项"


def _apart(together: Together, pack: Pack, packs: Mapping[str, Pack], *, with_all: bool) -> Iterator[str]:
    """An overlay against every policy that it may lie on, alone and (`with_all`) together with all other overlays: that
    is the same for each of them, and looked at once."""
    if not pack.charter.is_overlay:
        return
    others = [code for code, one in packs.items() if one.charter.is_overlay and code != pack.code]
    for code, below in packs.items():
        if below.charter.is_overlay or not below.clauses or set(pack.kinds).isdisjoint(below.kinds):
            continue
        for overlays in ([pack.code], [pack.code, *others])[: 1 + bool(others and with_all)]:
            for said in together.look_over(code, overlays):
                yield f"{'、'.join(overlays)} 叠加到 {code}：{said}"


def _undefined(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[str]:
    """One line a demanding policy: what it wants defined and this one does not define, with the reason where the
    document gives one."""
    from kesu.policy.checking.demands import answers

    if not pack.clauses:
        return
    for demanding in (one for one in packs.values() if one.charter.requires):
        found = list(answers(pack, demanding))
        lacking = [answer for answer in found if not answer.rules]
        if lacking:
            listed = "；".join(
                f"{answer.name}（{'、'.join(answer.printed)}）{f'，原因：{answer.reason}' if answer.reason else ''}"
                for answer in lacking
            )
            counted = f"要求写明 {len(found)} 项，还有 {len(lacking)} 项没有写明"
            open_ones = "、".join(answer.demand for answer in lacking if answer.is_open)
            advice = f"。不算错；怎样让它认出来、怎样答复见“管制度的制度”：{open_ones}" if open_ones else ""
            yield f"{pack.code}：《{demanding.title}》{counted}：{listed}{advice}"


def _untranslated(pack: Pack) -> Iterator[str]:
    """One line a language that the pack is written in and that lacks words. A pack without texts owes none."""
    from kesu.policy.language.texts import missing_texts
    from kesu.policy.loader import pack_words

    words = pack_words(pack)
    for language, texts in pack.texts.items():
        missing = missing_texts(words, texts)
        if missing:
            address, word = next(iter(missing.items()))
            yield (
                f"{pack.code}：{language} 还缺 {len(missing)} 处译文，如 {address}「{word}」，页面上先显示中文；"
                f"全部见 kesu policy words {pack.code} --missing {language}"
            )
