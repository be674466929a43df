"""How frequent grams are among all cases, as the planner of the database knows it: nothing is counted for it, and no
table is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from kesu.core.likeness import Frequencies

_ASKED: Final = """
SELECT tables.reltuples, grams.gram, grams.share
FROM pg_class AS tables
LEFT JOIN LATERAL (
    SELECT known.gram, known.share
    FROM pg_stats AS stats,
         unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs) AS known (gram, share)
    WHERE stats.schemaname = current_schema() AND stats.tablename = 'store_casesearch'
      AND stats.attname = 'internal_grams' AND known.gram = ANY (%s)
) AS grams ON true
WHERE tables.oid = 'store_casesearch'::regclass
"""


@dataclass(frozen=True, slots=True)
class Known:
    """`rows`: about how many cases there are, at least one."""

    frequencies: Frequencies
    rows: float


def frequencies_of(grams: Iterable[str]) -> Known:
    """One query. Of grams that the planner does not know, nothing: they are rare, or nobody has looked yet."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [list(grams)])
        rows = cursor.fetchall()
    shares = {gram: share for _, gram, share in rows if gram is not None}
    return Known(Frequencies(shares), max([1.0, *(count for count, _, _ in rows)]))
