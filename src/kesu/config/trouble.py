"""A failure that a person can act on: what happened, why, what to do. Standard library only (launch/ uses it too)."""

from __future__ import annotations

from pathlib import Path

_IS_CHECKOUT = (Path(__file__).resolve().parents[3] / "kesu").is_file()


class Trouble(Exception):
    """Ends a command with exit code 1 and these lines; anything else that is raised is a fault of the program."""

    def __init__(self, what: str, *, why: str = "", advice: str = "", log: Path | None = None) -> None:
        super().__init__(what)
        self.what, self.why, self.advice, self.log = what, why, advice, log

    def lines(self) -> list[str]:
        rows = [("出错：", self.what), ("原因：", self.why), ("请：", self.advice)]
        if self.log is not None:
            rows.append(("完整记录：", str(self.log)))
        told = [label + text for label, text in rows if text]
        # Advice is written for a checkout; an installed program is called by its bare name.
        return told if _IS_CHECKOUT else [line.replace("./kesu", "kesu") for line in told]

    @property
    def reason(self) -> str:
        """What and why in one line."""
        return "；".join(text for text in (self.what, self.why) if text)


def reason_in(output: str) -> str:
    """What and why of the last Trouble that a command of ours printed; of anything else the last line."""
    lines = [line for line in output.splitlines() if line.strip()]
    heads = [number for number, line in enumerate(lines) if line.startswith("出错：")]
    if not heads:
        return lines[-1] if lines else ""
    told = [line for line in lines[heads[-1] : heads[-1] + 2] if line.startswith(("出错：", "原因："))]
    return "；".join(line.split("：", 1)[1] for line in told)
