"""覆盖: how far it is shown that a policy on offer does what its document asks; and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kesu.commands.policies.prove_policy import prove_policy
from kesu.core import clock
from kesu.queries.policies.changes import Comparison, policy_changes
from kesu.queries.policies.coverage_list import coverage_list
from kesu.queries.policies.coverage_page import CoveredClause, CoveredRule, coverage_page
from kesu.web.policies.reading import ASKED, HONOURED, SECTIONS
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

DEPTHS: Final = {
    "none": gettext_lazy("没有规则"),
    "declared": gettext_lazy("已写成规则"),
    "proved": gettext_lazy("有场景证明"),
    "runs": gettext_lazy("已整件跑通"),
}
_PARTS: Final = {
    **SECTIONS,
    "policy": gettext_lazy("制度"),
    "clauses": gettext_lazy("条款"),
}


@dataclass(frozen=True, slots=True)
class ClausePart:
    line: CoveredClause
    look: str
    asked: str
    honoured: str
    depth: str
    reason: str
    rules: tuple[CoveredRule, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPart:
    """`parts`: the name of each part of the policy with its sentences, each with its kind of case where several are
    ruled."""

    found: Comparison
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@require_safe
@signed_in
def coverages(request: HttpRequest) -> HttpResponse:
    lines = spoken(coverage_list(actor=actor(request)))
    context = {"frame": frame(request, "/policies"), "parts": [(line, tuple(_told(line.honoured))) for line in lines]}
    return render(request, "policies/coverages.html", context)


def _told(honoured: Mapping[str, int]) -> Iterator[str]:
    for code, name in HONOURED.items():
        if honoured.get(code):
            yield f"{name} {honoured[code]}"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def covered(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST":
        prove_policy(actor=actor(request), pack_code=code)
        return redirect("policy-coverage", code)
    found = spoken(coverage_page(actor=actor(request), pack_code=code))
    context = {
        "frame": frame(request, "/policies"),
        "page": found,
        "depths": tuple((name, found.depths[depth]) for depth, name in DEPTHS.items() if found.depths.get(depth)),
        "clauses": tuple(_clause(line, found.rules) for line in found.clauses),
        "sections": tuple(
            (kind, SECTIONS[section], tuple(rules))
            for (kind, section), rules in groupby(found.rules, key=lambda rule: (rule.kind, rule.section))
        ),
    }
    return render(request, "policies/coverage.html", context)


def _clause(line: CoveredClause, rules: tuple[CoveredRule, ...]) -> ClausePart:
    look, asked = ASKED[line.asked]
    # A property of the program is named by the code of the test that proves it: nothing to read on a page.
    reason = "" if line.honoured == "product" else line.reason
    mine = tuple(rules[number - 1] for number in line.rules)
    return ClausePart(line, look, str(asked), str(HONOURED[line.honoured]), str(DEPTHS[line.depth]), reason, mine)


@require_safe
@signed_in
def changed(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    found = spoken(policy_changes(actor=actor(request), at=at, pack_code=code))
    context = {
        "frame": frame(request, "/policies", at),
        "page": found,
        "parts": tuple(ComparisonPart(one, tuple(_parts(one))) for one in found.comparisons),
    }
    return render(request, "policies/changes.html", context)


def _parts(found: Comparison) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    several = len({change.kind for change in found.changes if change.kind}) > 1
    for part, mine in groupby(found.changes, key=lambda change: change.part):
        sentences = tuple((change.kind if several else "", change.sentence) for change in mine)
        yield str(_PARTS.get(part, part)), sentences
