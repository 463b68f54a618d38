"""What the tenants used, as a data frame.

It is made of the result itself. So rows that an engine does again, after a worker died, count once.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

QUANTILES = [0.5, 0.9, 0.99]


def usage(result: pa.Table) -> pa.Table:
    """For each tenant and each code: rows, and fuel of a row in all and by percentiles."""
    # Of each column by itself, since engines may have other types for texts.
    result = result.select(["tenant", "code", "id", "fuel"])
    digest = pc.TDigestOptions(q=QUANTILES)
    aggregates = [("id", "count"), ("fuel", "sum"), ("fuel", "tdigest", digest)]
    grouped = result.group_by(["tenant", "code"]).aggregate(aggregates)
    grouped = grouped.sort_by([("tenant", "ascending"), ("code", "ascending")])
    digests = grouped["fuel_tdigest"].to_pylist()
    columns = {
        "tenant": grouped["tenant"],
        "code": grouped["code"],
        "rows": grouped["id_count"],
        "fuel": grouped["fuel_sum"],
    }
    for place, quantile in enumerate(QUANTILES):
        columns[f"fuel_p{quantile * 100:g}"] = pa.array([digest[place] for digest in digests])
    return pa.table(columns)
