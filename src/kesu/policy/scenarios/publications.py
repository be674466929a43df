"""What a scenario says must be published, held against what the case shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from kesu.policy.model.pack import Kind
from kesu.policy.standing import Standing
from kesu.policy.standing.publications import Published, Shown, published

NOT_SHOWN = "none"


def publication_differs(
    kind: Kind,
    seen: Standing,
    code: str,
    word: Callable[[str], str | None],
    words: Callable[[str], tuple[str, ...]],
    is_at: Callable[[str, datetime | None], bool],
) -> Iterator[str]:
    """`word`, `words`: what stands beside the claim under a key; `is_at`: whether a text names an instant. Without `is`
    it must be shown now; `none` says that it is not, whatever became of it."""
    if code not in kind.publishes:
        yield f"没有公示 {code}"
        return
    found = next((one for one in published(seen.walk.view(seen.now)) if one.rule.code == code), None)
    state = found.at(seen.now) if found is not None else None
    wanted = word("is") or Shown.UP.value
    if wanted == NOT_SHOWN:
        if state is Shown.UP:
            yield f"公示 {code} 不应在公示，实在公示"
        return
    if found is None or state != wanted:
        yield f"公示 {code} 应为 {wanted}，实为 {state or NOT_SHOWN}"
        return
    yield from _differs(found, code, word, words, is_at)


def _differs(
    found: Published,
    code: str,
    word: Callable[[str], str | None],
    words: Callable[[str], tuple[str, ...]],
    is_at: Callable[[str, datetime | None], bool],
) -> Iterator[str]:
    seen_by, until, times = word("seen_by"), word("until"), word("times")
    if seen_by is not None and seen_by != found.rule.seen_by:
        yield f"公示 {code} 应给 {seen_by} 看，实给 {found.rule.seen_by.value} 看"
    if until is not None and not is_at(until, found.until):
        yield f"公示 {code} 应到 {until}，实到 {found.until or NOT_SHOWN}"
    if times is not None and times != str(found.versions):
        yield f"公示 {code} 应公示、更正共 {times} 次，实为 {found.versions} 次"
    said = [one for one in found.rule.says if one in found.facts]
    missing = [one for one in words("says") if one not in said]
    if missing:
        yield f"公示 {code} 应写明 {'、'.join(missing)}，实写 {'、'.join(said) or NOT_SHOWN}"
