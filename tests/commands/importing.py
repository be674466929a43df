"""The program of `test_import_killed`: brings in many rooms and customers and says when it has begun to write."""

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


def main() -> None:
    import django

    django.setup()

    from kesu.commands.customers.import_house import import_house
    from kesu.core import clock
    from tests import desk

    rooms, customers = lines(3000, 6000)
    actor = desk.actor("linsheng")
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    import_house(actor=actor, at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=rooms, customers=customers)


if __name__ == "__main__":
    main()
