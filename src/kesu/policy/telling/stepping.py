"""What a step does beside stating facts and moving the case, in sentences."""

from __future__ import annotations

from kesu.policy.model.rules import Step
from kesu.policy.telling.words import Words


def tell_undo(words: Words, step: Step) -> str:
    rows = (f"{words.people(row.by)}{f'在 {row.within} 内' if row.within else ''}可以撤销" for row in step.undo)
    return "".join(f"；{row}" for row in rows)


def tell_credential(step: Step) -> str:
    return f"，指派时由程序从人员的{step.credential.kind}记录填入" if step.credential else ""


def tell_issue(words: Words, step: Step) -> str:
    issue = step.issues
    if issue is None:
        return ""
    before = f"，代替“{words.fact(issue.replaces)}”填的那一份" if issue.replaces else ""
    recalled = f"；{words.event(issue.recalled_by)}，前一份作废" if issue.recalled_by else ""
    before = before or ("，各份各自有效" if issue.stands else "")
    kept = "；作废的那一份看到和下载时都盖作废章" if issue.file or issue.replaced_file else ""
    return f"，记入{issue.name}登记簿{before}{recalled}{kept}"


def tell_answer(words: Words, step: Step) -> str:
    return f"；{words.event(step.answers)}，办得了的由程序自己办" if step.answers else ""


def tell_beside(words: Words, step: Step) -> str:
    return f"{tell_credential(step)}{tell_issue(words, step)}{tell_answer(words, step)}{tell_undo(words, step)}"
