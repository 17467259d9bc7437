"""Writes crates/tendlc/src/facts/holidays.txt: federal holidays of the United States, own and observed days, as PyPI's `holidays`
has them. `tests/run` makes it again and compares."""

import datetime

import holidays

FIRST, LAST = datetime.date(2023, 1, 1), datetime.date(2040, 12, 30)

print(f"# US federal holidays from 2023 to 2040, own and observed days: PyPI holidays {holidays.__version__} (MIT).")
for day in sorted(holidays.US(years=range(FIRST.year, LAST.year + 2))):
    if FIRST <= day <= LAST:
        print(day)
