#!/usr/bin/env python3
"""Writes tests/data/pages.tsv: count, limit, offset, and the links of a list's page.

A link is NUMBER@OFFSET (NUMBER alone where the url has no offset), the current page's has a star before
it, and ... is a gap. Worked out as Django REST framework's LimitOffsetPagination does it, by sets."""
import random

random.seed(2030)


def ceil(a, b):
    return -(-a // b)


def shown(current, final):
    if final <= 5:
        return list(range(1, final + 1))
    pages = {1, current - 1, current, current + 1, final}
    if current <= 4:
        pages |= {2, 3}
    if current >= final - 3:
        pages |= {final - 1, final - 2}
    pages = sorted(page for page in pages if 0 < page <= final)
    if current > 4:
        pages.insert(1, None)
    if current < final - 3:
        pages.insert(len(pages) - 1, None)
    return pages


def links(count, limit, offset):
    current = ceil(offset, limit) + 1
    final = max(1, ceil(count - offset, limit) + ceil(offset, limit))
    current = min(current, final)
    for page in shown(current, final):
        if page is None:
            yield "..."
            continue
        star = "*" if page == current else ""
        yield f"{star}{page}" + ("" if page == 1 else f"@{offset + (page - current) * limit}")


def line(count, limit, offset):
    print(count, limit, offset, " ".join(links(count, limit, offset)), sep="\t")


for final in range(1, 13):
    for current in range(1, final + 1):
        line(final * 10 - 3, 10, (current - 1) * 10)
for offset in range(0, 40):
    line(33, 7, offset)
for _ in range(200):
    limit = random.choice((1, 2, 3, 10, 25, 99, 100))
    line(random.randrange(0, 100000), limit, random.randrange(0, 110000))
for offset in (2**63 - 1, 2**63 - 2, 10**18):
    for limit in (1, 2, 10, 100):
        line(250, limit, offset)
        line(0, limit, offset)
