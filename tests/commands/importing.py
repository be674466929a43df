"""The program of `test_import_killed`: brings in many rooms and customers, or many units and people, and says when it
begins to write; or is the worker."""

from __future__ import annotations

import sys

from kesu.core.importing import Line

PROJECT = "青棠湾一期"


def lines(rooms: int, customers: int) -> tuple[list[Line], list[Line]]:
    """Rooms of one building, and customers who own them in turn."""
    flats = [{"project": PROJECT, "building": "1栋", "number": f"{n:05d}"} for n in range(rooms)]
    people = [
        {"name": f"业主{n}", "phones": f"139{n:08d}", "kind": "owner", **flats[n % rooms]} for n in range(customers)
    ]
    return (
        [Line("rooms", number, given) for number, given in enumerate(flats, start=2)],
        [Line("customers", number, given) for number, given in enumerate(people, start=2)],
    )


def organisation(units: int, people: int) -> tuple[list[Line], list[Line]]:
    """Departments of the group, and people without posts."""
    departments = [
        {"code": f"d{n:04d}", "name": f"部门{n}", "kind": "department", "inside": "group"} for n in range(units)
    ]
    staff = [{"login": f"s{n:04d}", "name": f"职员{n}"} for n in range(people)]
    return (
        [Line("units", number, given) for number, given in enumerate(departments, start=2)],
        [Line("people", number, given) for number, given in enumerate(staff, start=2)],
    )


def main(what: str) -> None:
    import django

    django.setup()

    from kesu.commands.customers.import_house import import_house
    from kesu.commands.organisation.import_organisation import OrganisationLines, import_organisation
    from kesu.core import clock
    from tests import desk

    if what == "organisation":
        units, people = organisation(1500, 300)
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        at = clock.now()
        brought = OrganisationLines(units, people, [])
        import_organisation(actor=desk.actor("admin"), at=at, on=at.date(), lines=brought, roles={})
        return
    if what == "worker":
        import threading

        from kesu.jobs import worker

        sys.stdout.write("begun\n")
        sys.stdout.flush()
        worker.run(threading.Event())
    rooms, customers = lines(3000, 6000)
    actor = desk.actor("linsheng")
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    import_house(actor=actor, at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=rooms, customers=customers)


if __name__ == "__main__":
    main(sys.argv[1])
