#!/usr/bin/env python3
"""Writes tests/data/text.jsonl: arrays of a kind, a value and the text that Python's json makes of it.

A real's value is its 64 bits in hexadecimal, an integer's its digits; an indented text's value is the
number of spaces and the compact text."""
import json
import math
import random
import struct

random.seed(2028)


def bits(value):
    return struct.pack(">d", value).hex()


def from_bits(number):
    return struct.unpack(">d", struct.pack(">Q", number))[0]


def line(*parts):
    print(json.dumps(parts, separators=(",", ":")))


def text(value, **options):
    """As Django REST framework's renderer: raw UTF-8 but for the two that JavaScript takes for line ends."""
    if "indent" not in options:
        options["separators"] = (",", ":")
    out = json.dumps(value, ensure_ascii=False, allow_nan=False, **options)
    return out.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def real(value):
    line("real", bits(value), text(value))


def random_string():
    alphabet = random.choice((
        "abc xyz/<>&'", "\"\\\b\t\n\f\r\x00\x01\x1f\x7f\x80\x85\xa0", "é\u2027\u2028\u2029\u202a\ufeff",
        "\u20a8\u21a8\ue280\u0800\ud7ff\ue000\uffff", "\U0001f680\U00010000\U0010ffff\u200d\u0301"))
    return "".join(random.choice(alphabet) for _ in range(random.randrange(24)))


def random_value(depth):
    kind = random.randrange(9 if depth else 6)
    if kind < 2:
        return random_string()
    if kind < 6:
        return (None, True, random.randrange(-10**6, 10**6), random.random())[kind - 2]
    count = random.choice((0, 0, 1, 2, 3))
    if kind == 6:
        return [random_value(depth - 1) for _ in range(count)]
    return {random_string(): random_value(depth - 1) for _ in range(count)}


for exponent in range(-1074, 1024):
    real(math.ldexp(1.0, exponent))
edges = [0.0, -0.0, 1.0, -1.0, 9.0, 3.35, 0.1, 0.3, 1e-4, 9.999999999999999e-05, 1e-5, 1e-7, 1e15, 1e16, 1e17,
         9999999999999998.0, 12742000.0, 5.972168e+24, 1.5e16, 5e-324, -5e-324, 2.2250738585072009e-308,
         2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 123456789012345680.0, 1e22,
         1e23, 9007199254740993.0, 2.0**53 - 1, 2.0**53 + 2, 100.0, 1e100, 4.35, 0.000123, 28.60822]
for value in edges:
    real(value)
for exponent in range(-323, 309):
    real(float("1e%d" % exponent))
for _ in range(1000):
    real(from_bits(random.randrange(0x7FF0 << 48) | random.randrange(2) << 63))
for _ in range(200):
    real(from_bits(random.randrange(1, 1 << 52)))
for _ in range(400):
    real(round(random.uniform(-180, 180), random.randrange(12)))
for _ in range(200):
    real(math.nextafter(math.ldexp(1.0, random.randrange(-1022, 1024)), random.choice((0.0, math.inf))))
for _ in range(200):
    real(float(random.randrange(10 ** random.randrange(1, 20))))

integers = [0, 1, -1, 9, 10, -10, 99, 100, 2**31 - 1, -2**31, 2**63 - 1, -2**63, 10**18, -10**18]
integers += [random.randrange(-10**n, 10**n) for n in range(1, 19)]
for value in integers:
    line("integer", str(value), text(value))

strings = ["", "\"", "\\", "/", "\x7f", "\u2028", "\u2029", "\u2027\u202a", "é", "🚀", "</script>&'", "a\u2028", "\u2028b",
           "\u20a8", "\ufeff", "\x85\xa0", "\U0010ffff", "👩\u200d🚀", "\"\"", "\\\\\"", "x" * 5000,
           "tab\tline\nreturn\r", "".join(map(chr, range(32)))]
strings += [chr(c) for c in range(32)] + ["<%c>" % c for c in range(32)]
strings += [random_string() for _ in range(300)]
for value in strings:
    line("string", value, text(value))

for _ in range(300):
    value = random_value(4)
    for indent in random.sample(range(1, 9), 2):
        line("indented", indent, text(value), text(value, indent=indent))
