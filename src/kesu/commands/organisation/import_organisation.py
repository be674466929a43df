"""Units, people and posts are brought in from a file: all of it is right and written, or nothing is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.house import KINDS_INSIDE, ROOTS, founding_post, held_on, require_an_administrator
from kesu.access.permissions import Permission
from kesu.casefile import absences, house, units
from kesu.casefile.rest import wake_under
from kesu.core.codes import half_width
from kesu.core.importing import Faults, Line, read_day
from kesu.core.one_time_passwords import one_time_password
from kesu.store.models import Account, Post, PostHolding, Unit

_SHEETS: Final = ("units", "people", "posts")
_CODES: Final = ("code", "inside", "unit", "login", "email")
_FLAGS: Final = ("is_public", "is_closed")
_NAME: Final = 80
_PERSON: Final = 64


@dataclass(frozen=True, slots=True)
class OrganisationLines:
    """`units` with code, name, kind, inside, is_public, is_closed; `people` with login, name, email; `posts` with
    login, unit, role, name, first, last. Kinds and roles by code, flags ``yes``, ``no`` or empty, days as people write
    them."""

    units: Sequence[Line]
    people: Sequence[Line]
    posts: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many of each are new and changed, and the first passwords of new accounts, which stand nowhere else."""

    units: tuple[int, int]
    people: tuple[int, int]
    posts: tuple[int, int]
    passwords: tuple[tuple[str, str, str], ...] = ()


def import_organisation(
    *, actor: Actor, at: datetime, on: date, lines: OrganisationLines, roles: Mapping[str, str], dry: bool = False
) -> Imported:
    """`roles`: names by code. What is there already is recognised by its code, its login, its post, and changed where
    the file says otherwise; the same file twice changes nothing. `dry`: only checked. Raises `Forbidden`, or
    `Unacceptable` with every line that is wrong (`data["faults"]`), or when nobody would be left who may change
    rights."""
    actor.require(Permission.HOUSE_EDIT)
    actor.require(Permission.PEOPLE_EDIT)
    lines = OrganisationLines(*([_folded(line) for line in part] for part in (lines.units, lines.people, lines.posts)))
    made = _new_accounts(lines.people)
    with transaction.atomic():
        house.wait_turn()
        plan = _Import(actor, at, on, roles)
        plan.check(lines)
        done = plan.write(lines, made)
        require_an_administrator(on)
        if dry:
            transaction.set_rollback(True)
    return Imported(*done, () if dry else tuple((a.login, a.name, password) for a, password in made.values()))


def _folded(line: Line) -> Line:
    """Codes and logins as they are kept."""
    cells = dict(line.cells) | {name: half_width(line[name]) for name in _CODES if name in line.cells}
    if "login" in cells:
        cells["login"] = cells["login"].lower()
    return replace(line, cells=cells)


def _new_accounts(people: Iterable[Line]) -> dict[str, tuple[Account, str]]:
    """With their first passwords."""
    known = set(Account.objects.values_list("login", flat=True))
    made: dict[str, tuple[Account, str]] = {}
    for line in people:
        login = line["login"]
        if login and login not in known and login not in made:
            password, encoded = one_time_password()
            account = Account(
                login=login, name=line["name"], email=line["email"], password=encoded, must_change_password=True
            )
            made[login] = account, password
    return made


class _Import:
    """One import while it is checked and written."""

    def __init__(self, actor: Actor, at: datetime, on: date, roles: Mapping[str, str]) -> None:
        self._actor, self._at, self._on, self._roles = actor, at, on, roles
        self._through = founding_post(actor)
        self._units = {unit.code: unit for unit in Unit.objects.select_related("parent")}
        self._lower = {code.lower() for code in self._units}
        self._accounts = {account.login: account for account in Account.objects.all()}
        self._faults = Faults(_SHEETS)

    def check(self, lines: OrganisationLines) -> None:
        new = {line["code"]: line for line in lines.units if line["code"] not in self._units}
        self._once(lines.units, "code")
        self._once(lines.people, "login")
        called = self._called(lines.units)
        for line in lines.units:
            self._check_unit(line, new)
            self._check_name(line, called)
        for line in lines.people:
            self._check_person(line)
        logins = {line["login"] for line in lines.people} | self._accounts.keys()
        for line in lines.posts:
            self._check_post(line, logins, new)
        self._faults.raise_any()

    def _once(self, lines: Sequence[Line], column: str) -> None:
        seen: set[str] = set()
        for line in lines:
            key = line[column].lower()
            if key in seen:
                self._faults.add(line, column, "twice_in_file")
            seen.add(key)

    def _called(self, lines: Sequence[Line]) -> Mapping[tuple[str, str], Sequence[str]]:
        """Codes by place and name, as the file would leave them."""
        places = {code: (one.parent.code if one.parent else "", one.name) for code, one in self._units.items()}
        places |= {line["code"]: (line["inside"], line["name"]) for line in lines}
        found: dict[tuple[str, str], list[str]] = {}
        for code, place in places.items():
            found.setdefault(place, []).append(code)
        return found

    def _check_name(self, line: Line, called: Mapping[tuple[str, str], Sequence[str]]) -> None:
        """What stands under its name already is let be; nothing new takes a name that is taken beside it."""
        self._text(line, "name", _NAME)
        held = self._units.get(line["code"])
        if not line["name"] or (held is not None and held.name == line["name"]):
            return
        beside = called.get((line["inside"], line["name"]), ())
        other = next((code for code in beside if code != line["code"]), None)
        if other is None:
            return
        unit = self._units.get(other)
        is_seen = unit is None or self._actor.may_at(Permission.HOUSE_READ, unit.path)
        self._faults.add(line, "name", "name_stands" if is_seen else "name_taken", other if is_seen else "")

    def _check_unit(self, line: Line, new: Mapping[str, Line]) -> None:
        for column in _FLAGS:
            if line[column] not in {"", "yes", "no"}:
                self._faults.add(line, column, "flag_unreadable")
        inside, held = line["inside"], self._units.get(line["code"])
        if held is None:
            self._check_code(line)
        if inside and inside not in self._units and inside not in new:
            self._faults.add(line, "inside", "unknown_code")
        elif held is not None:
            self._check_held(line, held)
        elif not self._may_stand(line, new):
            self._refuse_place(line)
        elif inside:
            self._check_founder(line, new)

    def _check_code(self, line: Line) -> None:
        self._fits(line, "code", units.CODE)
        if line["code"].lower() in self._lower:
            self._faults.add(line, "code", "code_taken")

    def _check_held(self, line: Line, held: Unit) -> None:
        if held.kind != line["kind"]:
            self._faults.add(line, "kind", "kind_fixed" if line["kind"] else "kind_missing")
        if line["inside"] != (held.parent.code if held.parent else ""):
            self._faults.add(line, "inside", "place_fixed")
        if not self._actor.may_at(Permission.HOUSE_EDIT, held.path):
            self._faults.add(line, "code", "out_of_reach")

    def _may_stand(self, line: Line, new: Mapping[str, Line]) -> bool:
        inside = line["inside"]
        return line["kind"] in (KINDS_INSIDE.get(self._kind(inside, new), ()) if inside else ROOTS)

    def _check_founder(self, line: Line, new: Mapping[str, Line]) -> None:
        founder = self._founder(line["inside"], new)
        if founder is None:
            self._faults.add(line, "inside", "goes_round")
        elif founder in self._units and not self._actor.may_at(Permission.HOUSE_EDIT, self._units[founder].path):
            self._faults.add(line, "inside", "out_of_reach")

    def _refuse_place(self, line: Line) -> None:
        if not line["kind"]:
            self._faults.add(line, "kind", "kind_missing")
        elif line["kind"] not in KINDS_INSIDE:
            self._faults.add(line, "kind", "unknown_kind")
        elif not line["inside"]:
            self._faults.add(line, "inside", "inside_missing")
        else:
            self._faults.add(line, "kind", "kind_not_there")

    def _kind(self, code: str, new: Mapping[str, Line]) -> str:
        held = self._units.get(code)
        return held.kind if held else new[code]["kind"]

    def _founder(self, code: str, new: Mapping[str, Line]) -> str | None:
        """The unit above that is there already or stands on its own in the file; None where the file's own units only
        lead round."""
        seen: set[str] = set()
        while code not in self._units:
            if code in seen or code not in new:
                return None
            if not new[code]["inside"]:
                break
            seen.add(code)
            code = new[code]["inside"]
        return code

    def _check_person(self, line: Line) -> None:
        self._fits(line, "login", house.LOGIN)
        self._text(line, "name", _PERSON)
        if line["email"] and not house.is_email(line["email"]):
            self._faults.add(line, "email", "email_unreadable")

    def _check_post(self, line: Line, logins: set[str], new: Mapping[str, Line]) -> None:
        if line["login"] not in logins:
            self._faults.add(line, "login", "unknown_login")
        held = self._units.get(line["unit"])
        if held is None and line["unit"] not in new:
            self._faults.add(line, "unit", "unknown_code")
        elif held is not None and not self._actor.may_at(Permission.HOUSE_EDIT, held.path):
            self._faults.add(line, "unit", "out_of_reach")
        if line["role"] not in self._roles:
            self._faults.add(line, "role", "unknown_role")
        days = {column: read_day(line[column]) for column in ("first", "last")}
        for column, day in days.items():
            if line[column] and day is None:
                self._faults.add(line, column, "day_unreadable")
        if days["last"] and days["last"] < (days["first"] or self._on):
            self._faults.add(line, "last", "before_first")

    def _fits(self, line: Line, column: str, pattern: re.Pattern[str]) -> None:
        if not pattern.fullmatch(line[column]):
            self._faults.add(line, column, "text_missing" if not line[column] else "code_unreadable")

    def _text(self, line: Line, column: str, longest: int) -> None:
        if not line[column]:
            self._faults.add(line, column, "text_missing")
        elif len(line[column]) > longest:
            self._faults.add(line, column, "text_too_long")

    def write(
        self, lines: OrganisationLines, made: Mapping[str, tuple[Account, str]]
    ) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        written = self._write_units(lines.units)
        people = self._write_people(lines.people, made)
        return written, people, self._write_posts(lines.posts)

    def _write_units(self, lines: Sequence[Line]) -> tuple[int, int]:
        waiting, new, changed = list(lines), 0, 0
        while waiting:
            ready = [line for line in waiting if line["code"] in self._units or self._stands(line["inside"])]
            for line in ready:
                held = self._units.get(line["code"])
                if held is None:
                    self._add_unit(line)
                    new += 1
                else:
                    changed += self._change_unit(held, line)
            waiting = [line for line in waiting if line["code"] not in self._units]
        return new, changed

    def _stands(self, code: str) -> bool:
        return not code or code in self._units

    def _add_unit(self, line: Line) -> None:
        parent = self._units[line["inside"]] if line["inside"] else None
        unit = Unit.objects.create(
            parent=parent,
            kind=line["kind"],
            name=line["name"],
            code=line["code"],
            is_public=line["is_public"] == "yes",
            closed_on=self._on if line["is_closed"] == "yes" else None,
        )
        self._units[unit.code] = unit
        if parent is None:
            by = self._through
            whom = self._actor.account_id
            units.give_administrator(unit, account_id=whom, role=by.role, post_name=by.name, on=self._on)
        above = parent.name if parent else ""
        after = {"kind": unit.kind, "inside": above, "is_public": unit.is_public, "code": unit.code}
        self._record("unit.created", unit, after)

    def _change_unit(self, unit: Unit, line: Line) -> bool:
        before = {"name": unit.name, "is_public": unit.is_public, "closed_on": str(unit.closed_on or "")}
        unit.name, unit.is_public = line["name"], line["is_public"] == "yes"
        unit.closed_on = (unit.closed_on or self._on) if line["is_closed"] == "yes" else None
        after = {"name": unit.name, "is_public": unit.is_public, "closed_on": str(unit.closed_on or "")}
        if before == after:
            return False
        unit.save()
        self._record("unit.changed", unit, _differing(after, before), _differing(before, after))
        return True

    def _write_people(self, lines: Sequence[Line], made: Mapping[str, tuple[Account, str]]) -> tuple[int, int]:
        new = changed = 0
        for line in lines:
            held = self._accounts.get(line["login"])
            if held is None:
                account = made[line["login"]][0]
                account.save(force_insert=True)
                self._accounts[account.login] = account
                self._record("account.created", account, {"login": account.login})
                new += 1
                continue
            before = {"name": held.name, "email": held.email}
            held.name, held.email = line["name"], line["email"] or held.email
            after = {"name": held.name, "email": held.email}
            if before != after:
                held.save(update_fields=["name", "email", "pinyin"])
                self._record("account.changed", held, _differing(after, before), _differing(before, after))
                changed += 1
        return new, changed

    def _write_posts(self, lines: Sequence[Line]) -> tuple[int, int]:
        new = changed = 0
        touched: set[Unit] = set()
        people: set[Account] = set()
        for line in lines:
            account, unit = self._accounts[line["login"]], self._units[line["unit"]]
            first, last = read_day(line["first"]) or self._on, read_day(line["last"])
            named = {"name": line["name"] or self._roles[line["role"]]}
            post, _made = Post.objects.get_or_create(unit=unit, role=line["role"], defaults=named)
            holdings = PostHolding.objects.filter(
                held_on(self._on) | Q(from_on=first), post=post, account=account, instead_of=None
            )
            held = min(holdings, key=lambda one: (one.from_on != first, one.from_on), default=None)
            after = {"account": account.login, "role": post.role, "unit": unit.name, "from": first.isoformat()}
            if held is None:
                PostHolding.objects.create(post=post, account=account, from_on=first, until_on=last)
                self._record("post.given", post, after | ({"until": last.isoformat()} if last else {}))
                new += 1
            elif held.until_on != last:
                before = {"until": str(held.until_on or "")}
                held.until_on = last
                held.save(update_fields=["until_on"])
                self._record("post.changed", post, {"account": account.login, "until": str(last or "")}, before)
                changed += 1
            else:
                continue
            touched.add(unit)
            people.add(account)
        absences.settle({account.pk for account in people})
        wake_under({unit.pk for unit in touched}, self._at)
        return new, changed

    def _record(
        self,
        act: str,
        row: Unit | Account | Post,
        after: Mapping[str, object],
        before: Mapping[str, object] | None = None,
    ) -> None:
        by = self._actor.account_id
        house.record(act, at=self._at, by=by, subject=row.pk, name=row.name, before=before, after=after)


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in one.items() if other[key] != value}
