#!/usr/bin/env python3
"""Writes tests/data/filter-values.tsv: kind, text (percent-encoded) and value, or `-` where there is none, of
values of filters, worked out by Python alone: datetime.fromisoformat and, for what that refuses, Django's
pattern; decimal.Decimal; strptime with the formats of Django's date fields. Texts are ASCII, but for separators
and white space. Needs Python 3.11 to 3.13: later ones know an hour 24."""
import random
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from urllib.parse import quote
from uuid import UUID

random.seed(2025)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# django/utils/dateparse.py
DJANGO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"[T ](?P<hour>\d{1,2}):(?P<minute>\d{1,2})"
    r"(?::(?P<second>\d{1,2})(?:[\.,](?P<microsecond>\d{1,6})\d{0,6})?)?"
    r"\s*(?P<tzinfo>Z|[+-]\d{2}(?::?\d{2})?)?$"
)
# django/conf/locale/en/formats.py
DATES = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y",
         "%B %d %Y", "%B %d, %Y", "%d %B %Y", "%d %B, %Y"]


def by_pattern(text):
    match = DJANGO.match(text)
    if not match:
        raise ValueError(text)
    parts = match.groupdict()
    parts["microsecond"] = parts["microsecond"] and parts["microsecond"].ljust(6, "0")
    zone = parts.pop("tzinfo")
    if zone == "Z":
        zone = timezone.utc
    elif zone is not None:
        minutes = 60 * int(zone[1:3]) + (int(zone[-2:]) if len(zone) > 3 else 0)
        zone = timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
    return datetime(**{k: int(v) for k, v in parts.items() if v is not None}, tzinfo=zone)


def moment(text):
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = by_pattern(text)
        except ValueError:
            return "-"
    offset = at.utcoffset() or timedelta(0)
    naive = at.replace(tzinfo=timezone.utc)
    return (naive - EPOCH - offset) // timedelta(microseconds=1)


def day(text):
    for form in DATES:
        try:
            return datetime.strptime(text, form).date().toordinal() - date(1970, 1, 1).toordinal()
        except ValueError:
            pass
    return "-"


def number(text):
    try:
        value = Decimal(text)
    except InvalidOperation:
        return "-"
    if not value.is_finite():
        return "-"
    whole = int(value) if abs(value) < 10**18 else (1 if value > 0 else -1) * 10**18
    fraction = int(abs(value) < 10**40 and value != int(value))
    return "%d %d %r" % (whole, fraction, float(value))


KINDS = {"datetime": moment, "date": day, "number": number}
seen = set()


def put(kind, text):
    if (kind, text) not in seen:
        seen.add((kind, text))
        print(kind, quote(text, safe=":/,+"), KINDS[kind](text), sep="\t")


def mutate(text, alphabet):
    text = list(text)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        at = random.randrange(len(text) + 1)
        what = random.randrange(3)
        if what == 0:
            text.insert(at, random.choice(alphabet))
        elif at < len(text):
            text[at:at + 1] = random.choice(alphabet) if what == 1 else ""
    return "".join(text)


moments = """2025-08-25|20250825|2025-W35-1|2025W351|2025-W35|2025W35|2025-08-25T11|2025-08-25T11:05|2025-08-25T1105
2025-08-25T11:05:00|2025-08-25T110500|20250825T110500Z|2025-08-25 11:05:00.5|2025-08-25T11:05:00,25+02:00|2025-08-25T11:05:00.1234567Z
2025-08-25T11:05:00-0500|2025-08-25T11:05-05|2025-08-25T11:05:00+00:00:30|2025-08-25T11:05:00+23:59:59.999999|2025-8-25T11:05:00Z
2025-8-5 1:5|2025-08-25 11:05 +02:00|2025-08-25T11:05:30.5 -0330|2025-08-25é11:05|2025-08-25🚀11:05:00Z|2025-08-25T|2025-08-25T11:
2025-08-25T11:+02:00|2025-08-25T11:05:30:123|2025-08-25T1105301|2025-08-25T11:05:30.123456x+02:00|2025-08-25T11:05:30.5x+02:00
2025-08-25T11:05Zx|2025-08-25T11:05ZZ|2025-08-25T11:05+|2025-W35-111:05|2025-W35-1T11:05|2025-W35T11|2025W3511|2025W35111|2025W351T11:05Z
2026-W53-7|2025-W53-1|2020-W53-7|2025-W00-1|2025-W01-8|0001-W01-1|9999-W52-5|9999-W52-6|9999-W53-1|2025-W35-|2025|2025-08|2025-237|2025237
2025-08-25t11:05:00z|25.08.2025|2025/08/25|1756119900|now|2025-08-25T11:05:00 UTC|2025-08-25T25:00|2025-08-25T11:60|2025-08-25T11:05:60
2025-02-30|2024-02-29|2100-02-29|0000-01-01|10000-01-01|0001-01-01|9999-12-31T23:59:59.999999Z|0001-01-01T00:00:00+23:00
2025-08-25T11:05:00 02:00|2025-08-25T11:05+24:00|2025-08-25T11:05-23:99|2025-08-25T11:05+00:99|2025-8-25T11:05+2400|2025-8-25T11:05:00.1234567890123Z
2025-8-25T11:05:00.123456789012Z|2025-8-25T11:05:|2025-8-25T11:05:00.|2025-8-25T11:05 \u00a0Z|2025-8-25T11:05+2:00|2025-08-25 \u00a0 11:05||Z|2025-08-25\x0011:05"""
for text in moments.replace("\n", "|").split("|"):
    put("datetime", text)
for text in moments.replace("\n", "|").split("|"):
    for _ in range(40 if len(text) >= 7 else 0):
        changed = mutate(text, "0123456789--::TWZ+., x")
        if not re.search("[T ]24", changed):  # depends on Python's version
            put("datetime", changed.strip())
for _ in range(150):
    at = datetime(1, 1, 1) + timedelta(seconds=random.randrange(3652059 * 86400))
    year, week, of_week = at.isocalendar()
    for form in ("%04d-W%02d-%d", "%04dW%02d%d"):
        put("datetime", form % (year, week, of_week) + at.strftime(random.choice(("", "T%H:%M", " %H%M%S", "T%H"))))
    put("datetime", at.isoformat(sep=random.choice("T _")) + random.choice(("", "Z", "+01:30", "-11", "-0930")))

days = """2025-08-25|2025-8-5|08/05/1930|8/5/30|08/05/69|08/05/68|Aug 5 1930|5 August 1930|August 5, 1930|5 aug, 1930|AUGUST 25 2025|May 5 2025
sept 5 2025|Sep 5 2025|25 September, 2025|Aug  5   1930|Aug\u00a05 1930|Aug 5,1930|2025-08-25T11:05|19300805|1930|2025-02-30|2024-02-29|2/29/2024|13/1/2025
0/1/2025|1/0/2025|1/32/2025|0000-01-01|0001-01-01|9999-12-31|10000-01-01|25-08-05|2025-008-05|August 5 30|Mars 5 2025||Aug 5 1930 x|Juneteenth 5 2025"""
for text in days.replace("\n", "|").split("|"):
    put("date", text)
    for _ in range(15):
        # strptime allows a space before a day of one digit where it stands at the beginning
        changed = mutate(text, "0123456789-/, abgAuS").strip()
        if not re.search(r"[-/] ", changed):
            put("date", changed)

numbers = """2002|+2002|-5|2.0|.5|5.|2e3|2E3|1e-2|-2002.5|2002.5|1_000|1__0|_1_|0|-0|00012|0.000|1e17|999999999999999999|1e18|9999999999999999995|12345678901234567890
1e50|1e51|-1e51|1e-50|123.456e3|123456e-3|0e400|0.000001e7| 7 |\u00a07\t|7 7|abc|2,002| |NaN|Infinity|-inf|0x7d2|--5|+-5|5+|.|e5|1e|1e+|1.2.3|1e1.5||2147483647|2147483648|-2147483649"""
for text in numbers.replace("\n", "|").split("|"):
    put("number", text)
    for _ in range(15):
        changed = mutate(text, "0123456789+-._eE ")
        if not re.search("[eE][+-]?[0-9_]{4}", changed):  # what is beyond all fields need not be told apart
            put("number", changed)
for _ in range(300):
    put("number", "%s%se%d" % (random.choice(("", "-")), random.random() * 10 ** random.randrange(-3, 12), random.randrange(-20, 20)))

# What DateTimeField takes beside the above: its own formats and those of dates.
MOMENTS = [day + " %H:%M" + rest for day in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y") for rest in (":%S", ":%S.%f", "")]


def us_moment(text):
    for form in MOMENTS + DATES:
        try:
            at = datetime.strptime(text, form).replace(tzinfo=timezone.utc)
            return (at - EPOCH) // timedelta(microseconds=1)
        except ValueError:
            pass
    return "-"


def uuid_of(text):
    try:
        return UUID(text)
    except ValueError:
        return "-"


# The text that id__contains looks for; none where it cannot be in an id.
def digits(text):
    try:
        text = str(Decimal(text))
    except InvalidOperation:
        return "-"
    return text if text.isdigit() else "none"


# django/utils/text.py, rest_framework/filters.py
SMART_SPLIT = re.compile(
    r"""((?:[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')[^\s'"]*)+) | \S+)""", re.VERBOSE)


def search(text):
    terms = []
    for match in SMART_SPLIT.finditer(text):
        term = match[0].strip(",")
        if term.startswith(('"', "'")) and term[0] == term[-1]:
            quote_mark = term[0]
            terms.append(term[1:-1].replace(r"\%s" % quote_mark, quote_mark).replace(r"\\", "\\"))
        else:
            terms.extend(part.strip() for part in term.split(",") if part)
    return "|".join(quote(term, safe="") for term in terms if term)


KINDS.update(us=us_moment, uuid=uuid_of, digits=digits, search=search)

us_moments = """8/25/2025|08/25/2025 11:05|08/25/2025 11:05:00|08/25/25 11:05:00.5|2025-8-5|2025-08-05 1:5|Aug 25 2025|25 August 2025|August 25, 2025
8/25/2025 24:00|8/25/2025 11:60|8/25/2025T11:05|8/25/2025 11:05Z|25/8/2025|8/25/2025  11:05|8/25/2025 11:05:00.1234567|Aug 25 2025 11:05|13/1/2025 1:00"""
for text in us_moments.replace("\n", "|").split("|"):
    put("us", text)
    for _ in range(15):
        # strptime allows a space before a number of one digit, and a second 60
        changed = mutate(text, "0123456789-/:., ").strip()
        if not re.search(r"[-/:] |:6", changed):
            put("us", changed)

key = "a0b1c2d3-e4f5-4677-8899-aabbccdd0001"
for text in (key, key.upper(), key.replace("-", ""), "{%s}" % key, "urn:uuid:" + key, "uuid:" + key, "urn:" + key, "{urn:uuid:{%s}}" % key,
             "-" + key + "-", "}" + key + "{", key[:-1], key + "0", "", "{}", "URN:UUID:" + key, "abc", key.replace("-", "--"), "urn:uuid:"):
    put("uuid", text)
    for _ in range(10):
        put("uuid", mutate(text, "0123456789abcdefABCDEF---{}g"))

for text in "8|08|00|0|+8|-8|8.0|5.|.5|1e2|1E+2|1e0|1.5e1|10e-1|1_0|-0|007_8| 8 |abc|12345678901234567890|0.0|0e5".split("|"):
    put("digits", text)

for text in ("dragon", "crew dragon", '"crew dragon" endeavour', '"crew dragon', '""', '"', "'", "a,b  c", ',,', '"a, b",y', "it's o'clock", "'crew dragon'",
             r'"a\"b" c', r'"a\\" b', r'"a\nb"', '"a"b"c d', 'a"b c"d', '"a" "b"', 'x,"a b"', ',"a b",', '"crew 9",falcon', "a\u3000b\u00a0c", "\u00e9t\u00e9 '\u00e9 x'", '\\', '"\\'):
    put("search", text)
    for _ in range(30):
        put("search", mutate(text, "ab '\",\\ \"'"))
