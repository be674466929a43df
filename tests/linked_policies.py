"""A policy of our own whose complaints lead to rectifications: what linked cases are tested with."""

from __future__ import annotations

from kesu.casefile.library import read_library
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack

PROBLEM = """
opens:
  problem:
    name: 查出的问题转整改
    clause: D1c
    starts: problem.found
    when: {problem_text: 已填}
    kind: rectification
    place: problem_at
    carries: {topic: problem_text, person: person, weight: problem_weight}
    states: {source: 投诉}
    brings: {problem_end: stage, problem_result: result}

documents:
"""
FACTS = """
facts:
  problem_text: {name: 查出的问题, type: text, clause: D1c, lapses: problem.found}
  problem_at: {name: 整改的单位, type: unit, clause: D1c, lapses: problem.found}
  problem_weight: {name: 问题的轻重, type: choice, values: [轻, 重], clause: D1c}
  problem_end: {name: 整改的结果, type: choice, values: [已整改, 不用整改], clause: D1c}
  problem_result: {name: 整改的情况, type: text, clause: D1c}
"""
STEPS = """
  find_problem:
    {name: 记录查出的问题, by: cs_specialist, event: problem.found, asks: [problem_text],
     may: [problem_at, problem_weight], clause: D1c}

guards:
  rectified_first: {steps: [withdraw], needs: {links_closed: problem}, says: 查出的问题整改完，才能撤回, clause: D1c}
"""
DUTIES = """
duties:
  rectify:
    {name: 督促整改, clause: D1c, starts: link.problem.opened, owner: holder, within: 3天,
     met_by: link.problem.closed}
"""
NOTICES = """
notices:
  rectified:
    {name: 整改完了, clause: D1c, starts: {event: link.problem.closed, where: {problem_end: 已整改}},
     to: cs_specialist, text: "{case} 查出的问题已整改。"}
"""
RECTIFICATION = """
kind: rectification
name: 整改
numbering: {prefix: ZG, digits: 4}
holder: cs_specialist
title: topic
start: opened
stages:
  opened: {name: 待整改, clause: D1c}
  done: {name: 已整改, final: 是, clause: D1c}
  dropped: {name: 不用整改, final: 是, clause: D1c}
facts:
  source: {name: 来源, type: choice, values: [投诉, 巡检], clause: D1c}
  topic: {name: 整改什么, type: text, clause: D1c}
  person: {name: 谁提的, type: person, data: personal, clause: D1c}
  weight: {name: 轻重, type: choice, values: [轻, 重], clause: D1c}
  result: {name: 整改情况, type: text, clause: D1c}
roles:
  cs_specialist: {name: 客服专员, scope: project, clause: D1c}
steps:
  open:
    {name: 开立, by: cs_specialist, from: [start], to: opened, event: rectification.opened, asks: [source, topic],
     may: [person, weight], clause: D1c}
  finish:
    {name: 整改完, by: cs_specialist, from: [opened], to: done, event: rectification.done, asks: [result], clause: D1c}
  drop: {name: 不用整改, by: cs_specialist, from: [opened], to: dropped, event: rectification.dropped, clause: D1c}
  resume: {name: 重新整改, by: cs_specialist, from: [done], to: opened, event: rectification.resumed, clause: D1c}
duties:
  finish:
    {name: 按期整改, clause: D1c, starts: rectification.opened, owner: holder, within: 10天,
     met_by: [rectification.done, rectification.dropped]}
"""
_FACT = "  about: {name: 有关的投诉, type: case, kind: complaint, clause: D1c}\n"
_STEP = """  name_case:
    {name: 补记有关的投诉, by: cs_specialist, event: rectification.case_named, asks: [about], clause: D1c}
"""
NAMING = (
    RECTIFICATION.replace("roles:\n", f"{_FACT}roles:\n")
    .replace("may: [person,", "may: [about, person,")
    .replace("  finish:\n    {name: 整改完", f"{_STEP}  finish:\n    {{name: 整改完", 1)
)
"""The same kind with a complaint that may be named in it, once or several times."""
_WHERE = {"facts": FACTS, "guards": STEPS, "documents": PROBLEM, "duties": DUTIES, "notices": NOTICES}


def texts(
    *changes: tuple[str, str], kind: str = RECTIFICATION, others: dict[str, str] | None = None
) -> dict[str, dict[str, str]]:
    """The library with the policy `p10` widened so; each first text of `changes`, which stands there once in what is
    added, is replaced by the second. `others`: further kinds by file name."""
    found = {name: dict(of) for name, of in read_library().texts.items()}
    own = found["p10"]
    complaint = own["complaint.yaml"]
    for section, added in _WHERE.items():
        assert complaint.count(f"\n{section}:\n") == 1
        complaint = complaint.replace(f"\n{section}:\n", added)
    added_kinds = {"rectification.yaml": kind, **(others or {})}
    for old, new in changes:
        assert complaint.count(old) + sum(text.count(old) for text in added_kinds.values()) == 1, old
        complaint = complaint.replace(old, new)
        added_kinds = {name: text.replace(old, new) for name, text in added_kinds.items()}
    names = ", ".join(name.removesuffix(".yaml") for name in added_kinds)
    own |= {"complaint.yaml": complaint, **added_kinds}
    own["pack.yaml"] = own["pack.yaml"].replace("kinds: [complaint,", f"kinds: [complaint, {names},")
    return found


def linked(*changes: tuple[str, str], kind: str = RECTIFICATION, others: dict[str, str] | None = None) -> Pack:
    """The compiled policy. Raises `PackInvalid`."""
    return load_pack(texts(*changes, kind=kind, others=others), "p10")
