#!/usr/bin/env python3
"""独立核对客诉记录：python kesu_verify.py 导出文件夹 [--heads 每夜签名文件夹] [--key 公钥]

Checks an export of `kesu verify --export` and the signed nights that were kept elsewhere, with nothing but Python 3.9
or newer: no part of the program that wrote them is needed or trusted. Exit code 0: nothing found; 1: something is
wrong; 2: it could not be looked at.

The formats are those of docs/operations/proof.md:
  nights/NNNNNNN-DAY.json   {"document": text, "key": id, "signature": hex}; the text is signed as it stands (Ed25519)
  nights/NNNNNNN-DAY.list   heads that changed: "blinded name, number of events, hash of the last, digest of the case"
  nights/NNNNNNN-DAY.matters  the same of matters, several cases about one thing; older nights have none
  cases.jsonl, events.jsonl cases and events in the order of identifiers; an event's hash is the sha256 of its canonical
                            JSON, and the last element of an event is the hash of the one before
  matters/                  the same two files of the matters
  texts.jsonl, files/       of a case that was opened: the texts of its events, whose sha256 is the last element but one
                            of the event, and the files that these name by {"id", "sha256"}
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# --- Ed25519, RFC 8032, section 5.1 -----------------------------------------------------------------------------------
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x*y = T/Z


def _add(a: _Point, b: _Point) -> _Point:
    m = (a[1] - a[0]) * (b[1] - b[0]) % _P
    n = (a[1] + a[0]) * (b[1] + b[0]) % _P
    c = 2 * a[3] * b[3] * _D % _P
    d = 2 * a[2] * b[2] % _P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _same(a: _Point, b: _Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % _P == 0 and (a[1] * b[2] - b[1] * a[2]) % _P == 0


def _point(text: bytes) -> _Point | None:
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this Ed25519 signature of the message was made with the private half of the key."""
    if len(key) != 32 or len(signature) != 64 or _BASE is None:
        return False
    owner, point, scalar = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if owner is None or point is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    return _same(_times(scalar, _BASE), _add(point, _times(challenge, owner)))


# --- reading ----------------------------------------------------------------------------------------------------------
Leaf = tuple[int, str, str, str]  # number of events, hash of the last, digest of the case, night
Leaves = dict[str, list[Leaf]]  # by blinded name, in the order of nights


class Unusable(Exception):
    """What was given cannot be looked at."""


def canonical(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except ValueError:
                raise Unusable(f"{path} 第 {number} 行读不懂") from None


class Look:
    """What was found so far."""

    def __init__(self) -> None:
        self.faults = self.events = self.cases = self.unsigned = self.gone = self.files = 0

    def fault(self, what: str, advice: str) -> None:
        self.faults += 1
        print(f"有误：{what}。{advice}。")

    def count(self, cases: int, unsigned: int) -> None:
        self.cases += cases
        self.unsigned += unsigned

    def note(self, what: str) -> None:
        print(f"说明：{what}。")


_KEEP = "停止改动，保留现场和全部备份，请与更早的导出或备份对照"


# --- the nights -------------------------------------------------------------------------------------------------------
LIST, MATTERS = "list", "matters"
"""The lists that a night has, by the ending of their files: of cases, and of matters."""
MATTER = "同一事项"
_CALLED = {LIST: "清单", MATTERS: f"{MATTER}的清单"}


class Night:
    """One signed document. Whatever is wrong with it is said once, by `fault`."""

    def __init__(self, path: Path, keys: dict[str, bytes]) -> None:
        self.name = path.stem
        self.path = path
        self.text, self.fault = "", ""
        self.parts: dict[str, Any] = {}
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            self.text, self.key = str(held["document"]), str(held["key"])
            self.signature = bytes.fromhex(held["signature"])
            self.parts = json.loads(self.text)
            self.number, self.day = int(self.parts["number"]), str(self.parts["night"])
            self.digests = {LIST: self.parts["ordinary"], MATTERS: self.parts.get("matters")}
        except (OSError, ValueError, KeyError, TypeError):
            self.fault, self.number, self.day = "读不懂", -1, self.name
            return
        if self.key not in keys:
            self.fault = f"由公钥 {self.key} 签名，手头没有这把公钥"
        elif not is_signed(keys[self.key], self.text.encode(), self.signature):
            self.fault = "签名不符，内容被改过，或不是这套程序签的"
        elif f"{self.number:07d}-{self.day}" != self.name or self.parts.get("key") != self.key:
            self.fault = "文件名与内容不符"

    def leaves(self, folder: Path, ending: str) -> list[tuple[str, Leaf]]:
        """The heads of a list file. Raises `ValueError` where the file is not the one that the document names."""
        path = folder / f"{self.name}.{ending}"
        text = path.read_bytes()
        if sha256(text) != self.digests[ending]["changed"]:
            raise ValueError(path)
        return _leaves(text, self)


def _leaves(text: bytes, night: Night) -> list[tuple[str, Leaf]]:
    found = []
    for line in text.decode().splitlines()[1:]:
        stream, version, head, identity = line.split(" ")
        found.append((stream, (int(version), head, identity, night.day)))
    return found


def read_nights(folder: Path, keys: dict[str, bytes], look: Look, place: str) -> dict[str, Night]:
    """The sound nights of a folder by name. Says what is wrong with the others and with their order."""
    nights: dict[str, Night] = {}
    before: Night | None = None
    for path in sorted(folder.glob("*.json")):
        night = Night(path, keys)
        if night.fault:
            look.fault(f"{place}里 {night.name} 这一夜{night.fault}", _KEEP)
            before = None
            continue
        if before is not None and night.number != before.number + 1:
            look.fault(f"{place}里第 {before.number} 夜之后缺第 {before.number + 1} 夜", "请找回缺少的文件")
        elif before is not None and night.parts.get("previous") != sha256(before.text.encode()):
            look.fault(f"{place}里 {night.day} 这一夜与前一夜接不上", _KEEP)
        nights[night.name], before = night, night
    return nights


def read_lists(nights: dict[str, Night], folder: Path, ending: str, look: Look, place: str) -> Leaves:
    """What the nights list, each list proved by the document of its night."""
    found: Leaves = {}
    for name in sorted(name for name, night in nights.items() if night.digests[ending]):
        try:
            for stream, leaf in nights[name].leaves(folder, ending):
                found.setdefault(stream, []).append(leaf)
        except (OSError, ValueError):
            look.fault(f"{place}里 {nights[name].day} 这一夜的{_CALLED[ending]}缺失或被改过", _KEEP)
    return found


def list_digest(part: str, number: int, day: str, leaves: Leaves) -> str:
    """The digest of the newest heads of all logs."""
    total = hashlib.sha256(f"kesu-list/1 {part} {number} {day}\n".encode())
    for stream in sorted(leaves):
        version, head, identity, _ = leaves[stream][-1]
        total.update(f"{stream} {version} {head} {identity}\n".encode())
    return total.hexdigest()


def compare_nights(held: dict[str, Night], kept: dict[str, Night], look: Look) -> None:
    """`held` in the export, `kept` elsewhere."""
    for name in sorted(kept):
        if name not in held:
            look.fault(
                f"导出里没有 {kept[name].day} 这一夜，另存的文件里有",
                "若导出早于这一夜，请重新导出；否则数据库被截短或退回过旧的状态",
            )
        elif held[name].text != kept[name].text:
            look.fault(f"{kept[name].day} 这一夜在导出里与另存的不同", _KEEP)
    for name in sorted(set(held) - set(kept)):
        look.note(f"另存的文件里没有 {held[name].day} 这一夜，它只凭导出里的签名核对")


# --- the logs ---------------------------------------------------------------------------------------------------------
class Log:
    """One log while its events are read."""

    def __init__(self, case_id: str, case: dict[str, Any] | None, leaves: list[Leaf], look: Look, kind: str) -> None:
        self.look, self.case, self.leaves = look, case, leaves
        self.case_id, self.kind = case_id, kind
        self.name = str(case["identity"][-1]) if case and kind != MATTER else f"{kind} {case_id}"
        self.seq, self.last, self.is_rewritten = 0, "", False
        self.digests: dict[int, str] = {}
        if case and any(leaf[2] != sha256(canonical(case["identity"])) for leaf in leaves):
            look.fault(f"{self.name} 的制度、日历、项目、时间或编号与签名时不同", _KEEP)

    def read(self, line: dict[str, Any]) -> None:
        event, told = line["event"], str(line["hash"])
        case_id, seq, previous = str(event[0]), int(event[1]), str(event[-1])
        self.look.events += 1
        self.look.gone += line.get("texts") == "gone"
        if seq != self.seq + 1:
            self.look.fault(f"{self.name} 缺第 {self.seq + 1} 条记录", _KEEP)
        elif previous != self.last:
            self.look.fault(f"{self.name} 第 {seq} 条记录与前一条接不上", _KEEP)
        if sha256(canonical(event)) != told or case_id != self.case_id:
            self.look.fault(f"{self.name} 第 {seq} 条记录被改过", _KEEP)
        if not self.is_rewritten and any(leaf[0] == seq and leaf[1] != told for leaf in self.leaves):
            self.is_rewritten = True
            self.look.fault(f"{self.name} 到第 {seq} 条为止的记录与签名时不同", _KEEP)
        self.digests[seq] = str(event[-2])
        self.seq, self.last = seq, told

    def end(self) -> None:
        signed = max((leaf[0] for leaf in self.leaves), default=0)
        if self.case is None:
            self.look.fault(f"{self.name} 有记录而没有{self.kind}", _KEEP)
        claimed = int(self.case["version"]) if self.case else 0
        if max(signed, claimed) > self.seq:
            self.look.fault(f"{self.name} 的记录在第 {self.seq} 条之后被截断，原有 {max(signed, claimed)} 条", _KEEP)
        elif self.case and (claimed, self.case["head"]) != (self.seq, self.last):
            self.look.fault(f"{self.name} 第 {claimed} 条之后的记录不是程序写入的", _KEEP)


def blinded(case_id: str) -> str:
    return sha256(f"kesu-stream/1 {case_id}".encode())


class Opened:
    """The texts and files of the case that an export opens; of the others there is nothing to compare."""

    def __init__(self, folder: Path) -> None:
        self.texts: dict[str, dict[int, Any]] = {}
        if (folder / "texts.jsonl").is_file():
            for line in _lines(folder / "texts.jsonl"):
                self.texts.setdefault(str(line["case"]), {})[int(line["seq"])] = line["texts"]
        self.files = {path.stem: path for path in sorted((folder / "files").glob("*"))}

    def check(self, log: Log) -> None:
        """Each text against the digest in its event, and each file against the hash in its text."""
        for seq, texts in sorted(self.texts.get(log.case_id, {}).items()):
            if sha256(canonical(texts)) != log.digests.get(seq):
                log.look.fault(f"{log.name} 第 {seq} 条记录的文字与它的指纹不符，或有一部分已销毁", _KEEP)
            stated = [
                one for part in texts.values() for held in part.values() if isinstance(held, list) for one in held
            ]
            for one in stated:
                if isinstance(one, dict) and {"id", "sha256"} <= set(one):
                    self._check_file(log, seq, one["id"], one["sha256"])
                elif str(one) in self.files:  # written before hashes stood in the log
                    log.look.note(f"{log.name} 第 {seq} 条记录附的文件 {self.files.pop(one).name} 当时没有记下指纹")

    def _check_file(self, log: Log, seq: int, name: str, digest: str) -> None:
        path = self.files.pop(name, None)
        log.look.files += 1
        if path is None:
            log.look.fault(f"{log.name} 第 {seq} 条记录附的文件 {name} 不在导出里", _KEEP)
        elif sha256(path.read_bytes()) != digest:
            log.look.fault(f"{log.name} 第 {seq} 条记录附的文件 {path.name} 不是当时的那个", _KEEP)

    def end(self, look: Look) -> None:
        for name in sorted(path.name for path in self.files.values()):
            look.fault(f"导出里多出文件 {name}，没有一条记录说到它", _KEEP)


def check_logs(folder: Path, leaves: Leaves, look: Look, kind: str) -> tuple[int, int]:
    """How many logs there are, and how many of them no night has signed yet."""
    opened = Opened(folder)
    cases = {str(line["case"]): line for line in _lines(folder / "cases.jsonl")}
    seen, log = set(), None
    for line in _lines(folder / "events.jsonl"):
        case_id = str(line["event"][0])
        if log is None or log.case_id != case_id:
            if log is not None:
                log.end()
                opened.check(log)
            if case_id in seen:
                raise Unusable(f"{folder / 'events.jsonl'} 没有按{kind}排列")
            seen.add(case_id)
            log = Log(case_id, cases.get(case_id), leaves.get(blinded(case_id), []), look, kind)
        log.read(line)
    if log is not None:
        log.end()
        opened.check(log)
    opened.end(look)
    for case_id in sorted(set(cases) - seen):
        Log(case_id, cases[case_id], leaves.get(blinded(case_id), []), look, kind).end()
    known = {blinded(case_id) for case_id in set(cases) | seen}
    for stream in sorted(set(leaves) - known):
        version, _, _, day = leaves[stream][-1]
        look.fault(f"一件{kind}整个不见了：{day} 夜里它有 {version} 条记录（代号 {stream[:16]}）", _KEEP)
    return len(known), len(known - set(leaves))


def check_sealed(folder: Path, nights: dict[str, Night], look: Look) -> None:
    salts = json.loads((folder / "salts.json").read_text(encoding="utf-8"))
    leaves: Leaves = {}
    for name in sorted(nights):
        night = nights[name]
        text = (folder / f"{name}.list").read_bytes()
        for stream, leaf in _leaves(text, night):
            leaves.setdefault(stream, []).append(leaf)
        everything = list_digest("all", night.number, night.day, leaves)
        told = ["kesu-sealed/1", salts.get(str(night.number)), sha256(text), everything]
        if sha256(canonical(told)) != night.parts.get("sealed"):
            look.fault(f"{night.day} 这一夜密封件的清单与签名不符", _KEEP)
    look.count(*check_logs(folder, leaves, look, "密封件"))


# --- all of it --------------------------------------------------------------------------------------------------------
def read_keys(given: str | None, export: Path, look: Look) -> dict[str, bytes]:
    """`given`: a file of public keys, or one key in hexadecimal, which then stands for every key."""
    try:
        if given and len(given) == 64 and not Path(given).exists():
            ids = json.loads((export / "public-keys.json").read_text(encoding="utf-8"))
            return dict.fromkeys(ids, bytes.fromhex(given))
        if not given:
            look.note("公钥取自导出本身，只能说明前后一致；要证明是谁签的，请用另行保管的公钥：--key 公钥文件")
        path = Path(given) if given else export / "public-keys.json"
        return {name: bytes.fromhex(key) for name, key in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError) as fault:
        raise Unusable(f"公钥读不到：{fault}") from None


def check_nights(
    export: Path, heads: Path | None, keys: dict[str, bytes], look: Look
) -> tuple[dict[str, Night], dict[str, Leaves]]:
    """The sound nights of the export, and what these and the nights kept elsewhere list, by the ending of the list."""
    nights = read_nights(export / "nights", keys, look, "导出")
    kept = read_nights(heads, keys, look, "另存的文件夹") if heads is not None else {}
    if not nights and not look.faults:
        look.note("导出里没有任何一夜的签名，只核对记录自身前后是否一致")
    first = min((night.number for night in nights.values()), default=1)
    if first != 1:
        look.fault(f"导出里最早的一夜是第 {first} 夜，缺第 1 夜", _KEEP)
    leaves = {ending: read_lists(nights, export / "nights", ending, look, "导出") for ending in _CALLED}
    newest = nights[max(nights)] if nights and first == 1 else None
    for ending, mine in leaves.items():
        digests = newest.digests[ending] if newest else None
        if newest and digests and list_digest("all", newest.number, newest.day, mine) != digests.get("all"):
            look.fault(f"{newest.day} 这一夜的全部{_CALLED[ending]}合起来与签名不符", _KEEP)
    if heads is not None:
        compare_nights(nights, kept, look)
        for ending, mine in leaves.items():
            _take_over(mine, read_lists(kept, heads, ending, look, "另存的文件夹"))
    return nights, leaves


def _take_over(leaves: Leaves, kept: Leaves) -> None:
    for stream, more in kept.items():
        mine = leaves.setdefault(stream, [])
        mine.extend(leaf for leaf in more if leaf not in mine)
        mine.sort(key=lambda leaf: leaf[3])


def verify(export: Path, heads: Path | None, key: str | None) -> int:
    look = Look()
    if not (export / "events.jsonl").is_file():
        raise Unusable(f"{export} 不是 kesu verify --export 写出的文件夹")
    if heads is not None and not heads.is_dir():
        raise Unusable(f"{heads} 不是文件夹")
    nights, leaves = check_nights(export, heads, read_keys(key, export, look), look)
    look.count(*check_logs(export, leaves[LIST], look, "案件"))
    if leaves[MATTERS] or (export / MATTERS).is_dir():
        check_logs(export / MATTERS, leaves[MATTERS], look, MATTER)
    if (export / "sealed").is_dir():
        check_sealed(export / "sealed", nights, look)
    if look.gone:
        look.note(f"{look.gone} 条记录的文字已销毁，指纹仍在")
    if look.unsigned:
        look.note(f"{look.unsigned} 件还没有经过签名的一夜，只核对了自身")
    if look.files:
        look.note(f"逐个核对了 {look.files} 个附件")
    ended = f"{look.faults} 处有误" if look.faults else "没有发现问题"
    print(f"核对 {look.cases} 件、{look.events} 条记录、{len(nights)} 夜签名：{ended}。")
    return 1 if look.faults else 0


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="独立核对客诉记录有没有被改、被删、被截断")
    parser.add_argument("export", type=Path, metavar="EXPORT", help="kesu verify --export 写出的文件夹")
    parser.add_argument("--heads", type=Path, metavar="DIR", help="每夜签名另存的文件夹（KESU_HEADS_DIR）")
    parser.add_argument("--key", metavar="PUBLIC", help="另行保管的公钥：文件，或 64 位十六进制")
    given = parser.parse_args(words)
    try:
        return verify(given.export, given.heads, given.key)
    except (Unusable, OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        print(f"无法核对：{fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")
    sys.exit(main())
