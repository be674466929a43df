"""A small policy in order, and ways to break one line of it."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1] / "language" / "sample_packs"
Files = dict[str, dict[str, str]]

OVERLAY_PACK = """
pack: manners
title: 用语规范
version: "1.0"
status: effective
over: common
document: {number: QY-YY-002}
scope: 适用于样例
kinds: [request]
"""
OVERLAY_CLAUSES = """
"1": {printed: 一, text: 说话有礼貌, enforce: manual-norm}
"2": {printed: 二, text: 书面答复用敬语, enforce: reminder}
"3": {printed: 三, text: 来访的登记来意, enforce: record}
"""
OVERLAY_KIND = """
kind: request
facts:
  purpose: {name: 来意, type: text, clause: "3"}
steps:
  receive: {add: {may: [purpose]}, clause: "3"}
guidance:
  kind_words: {at: [receive, work], text: 说话有礼貌, clause: "1"}
wording:
  polite: {facts: [topic], has: [您], says: 用“您”, clause: "2"}
"""


@pytest.fixture
def files() -> Files:
    found = {
        folder.name: {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")}
        for folder in SAMPLES.iterdir()
    }
    found["manners"] = {"pack.yaml": OVERLAY_PACK, "clauses.yaml": OVERLAY_CLAUSES, "request.yaml": OVERLAY_KIND}
    return found
