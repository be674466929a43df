"""Samples of what other policies rule: whether any policy of the library counts such cases."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.checking.links import Ruling
from kesu.policy.model.pack import Kind


def findings_of_samples(kind: Kind, finder: Finder, ruling: Ruling) -> Iterator[Finding]:
    """Samples out of cases that no policy of the library rules, or that none of them counts."""
    for sample in (one for one in kind.samples.values() if one.of.is_served):
        ref = sample.of
        found = ruling(ref.kind)
        if not found:
            said = f"制度库里没有哪部制度管 {ref.kind} 这种案件，“{sample.name}”永远没有可抽的。"
            yield finder.finding("samples", sample.code, sample.clauses, said)
        elif not any(ref.code in pack.kinds[ref.kind].measures for pack in found):
            said = f"管 {ref.kind} 的制度都没有指标 {ref.code}，“{sample.name}”永远没有可抽的。"
            yield finder.finding("samples", sample.code, sample.clauses, said)
