#!/usr/bin/env python3
"""Writes tests/data/temporal.tsv: kind, text and value, worked out by Python's datetime alone."""
import random
from datetime import date, datetime, timedelta, timezone

random.seed(864)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)


def moment(at):
    text = at.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    if at.microsecond:
        text += ".%06d" % at.microsecond
    print("moment", text + "Z", (at - EPOCH) // MICROSECOND, sep="\t")


def iso(delta):
    sign, d = ("-", -delta) if delta < timedelta(0) else ("", delta)
    hours, rest = divmod(d.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = (".%06d" % d.microseconds).rstrip("0") if d.microseconds else ""
    clock = "%dH" % hours if hours else ""
    clock += "%dM" % minutes if minutes else ""
    clock += "%d%sS" % (seconds, fraction) if seconds or fraction else ""
    text = ("%dD" % d.days if d.days else "") + ("T" + clock if clock else "")
    return sign + "P" + (text or "0D")


def duration(delta):
    value = delta // MICROSECOND
    print("duration", iso(delta), value, sep="\t")
    clock = "%02d:%02d:%02d" % (delta.seconds // 3600, delta.seconds // 60 % 60, delta.seconds % 60)
    if delta.days:
        clock = "%d %s" % (delta.days, clock)
    if delta.microseconds:
        clock += ".%06d" % delta.microseconds
    print("clock", clock, value, sep="\t")


FIRST = datetime.min.replace(tzinfo=timezone.utc)
LAST = datetime.max.replace(tzinfo=timezone.utc)
for at in (FIRST, LAST, EPOCH, EPOCH - MICROSECOND):
    moment(at)
for _ in range(150):
    at = FIRST + timedelta(seconds=random.randrange(3652059 * 86400))
    moment(at)
    moment(at.replace(microsecond=random.choice((500000, 1, 271204, 999999))))
days = [date.min, date.max, date(2000, 2, 29), date(1900, 3, 1), date(2100, 2, 28), date(4, 2, 29)]
days += [date.fromordinal(random.randrange(1, 3652060)) for _ in range(150)]
for day in days:
    print("date", day.isoformat(), day.toordinal() - date(1970, 1, 1).toordinal(), sep="\t")
for delta in (timedelta(0), MICROSECOND, -MICROSECOND, timedelta(days=100000000),
              timedelta(days=-100000000), timedelta(days=1), timedelta(hours=36)):
    duration(delta)
for _ in range(150):
    scale = 10 ** random.randrange(1, 19)
    duration(random.randrange(-scale, scale) * MICROSECOND)
    duration(timedelta(seconds=random.randrange(10**7)))
