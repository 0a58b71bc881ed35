#!/usr/bin/env python3
"""http-vectors.py: what Python makes of queries, paths and headers, as cases for test_http_vectors.

Prints lines of a kind and hexadecimal fields, the last of them the expected answer. The original runs
on Python: urllib.parse and int() speak for themselves here, and the few functions of Django and Django
REST framework that matter are written out below.
"""
import random
import re
import sys
import urllib.parse as parse

RANDOM = random.Random(230)
LARGEST = 10**18
WORD = b"abcxyzABC0129-._~"
ODD = [bytes([b]) for b in b"%+ &=;,/?#\"'<>\\^`{|}[]()*!:@$\x00\x01\x1f\x7f"]
PAIRS = [b"%" + p for p in (b"00", b"0a", b"20", b"25", b"26", b"2B", b"3d", b"41", b"7E", b"zz", b"2", b"",
                            b"C3%A9", b"c3", b"A9", b"E2%82", b"E2%82%AC", b"ED%A0%80", b"C0%80", b"F4%90%80%80",
                            b"F0%9F%9A%80", b"F0%9F", b"FF", b"E0%80%80", b"F1%80%80", b"e3%80%80", b"85")]
RAW = ["é".encode(), "🚀".encode(), b"\xff", b"\xc3", b"\xa9", b"\x80", "€".encode(), b"\xe2\x82"]


def emit(kind, *fields):
    print(kind, *(f.hex() if isinstance(f, bytes) else f for f in fields), sep="\t")


def pieces(most, *sources):
    parts = [RANDOM.choice(RANDOM.choice(sources)) for _ in range(RANDOM.randrange(most))]
    return b"".join(p if isinstance(p, bytes) else bytes([p]) for p in parts)


# --- Django and Django REST framework ---------------------------------------------------------------

def query_text(raw):
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def querydict(raw):
    return parse.parse_qs(query_text(raw), keep_blank_values=True)


def iri_to_uri(text):
    return parse.quote(text, safe="/#%[]=:;$&()+,!?*@'~")


def repercent_broken_unicode(path):
    changed = []
    while True:
        try:
            path.decode()
        except UnicodeDecodeError as error:
            changed.append(path[:error.start] + parse.quote(path[error.start:error.end]).encode())
            path = path[error.end:]
        else:
            return b"".join(changed) + path


def escape_uri_path(path):
    return parse.quote(path, safe="/:@&+$,-_.!~*'()")


def replace_query_params(url, changes):
    for key, value in changes:
        scheme, netloc, path, query, fragment = parse.urlsplit(url)
        fields = parse.parse_qs(query, keep_blank_values=True)
        if value is None:
            fields.pop(key, None)
        else:
            fields[key] = [value]
        query = parse.urlencode(sorted(fields.items()), doseq=True)
        url = parse.urlunsplit((scheme, netloc, path, query, fragment))
    return url


def parse_parameters(line):
    def parts(s):
        while s[:1] == ";":
            s = s[1:]
            end = s.find(";")
            while end > 0 and (s.count('"', 0, end) - s.count('\\"', 0, end)) % 2:
                end = s.find(";", end + 1)
            if end < 0:
                end = len(s)
            yield s[:end].strip()
            s = s[end:]

    found = parts(";" + line)
    key = next(found).lower().strip()
    parameters = {}
    for part in found:
        i = part.find("=")
        if i < 0:
            continue
        value = part[i + 1:].strip()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = value[1:-1].replace("\\\\", "\\").replace('\\"', '"')
        parameters[part[:i].strip().lower()] = value
    return key, parameters


class MediaType:
    def __init__(self, text):
        full, self.parameters = parse_parameters(text)
        self.main, _, self.sub = full.partition("/")

    def matches(self, other):
        return ((self.sub == "*" or other.sub == "*" or self.sub == other.sub) and
                (self.main == "*" or other.main == "*" or self.main == other.main))

    def precedence(self):
        if self.main == "*":
            return 0
        if self.sub == "*":
            return 1
        return 2 if not self.parameters or list(self.parameters) == ["q"] else 3


def negotiate(form, accept):
    """'json INDENT', 'html' or '406'; None where Python's answer depends on the order of a set."""
    renderers = [r for r in (("json", "application/json"), ("html", "text/html"))
                 if form in ("", {"json": "json", "html": "api"}[r[0]])]
    tokens = [t.strip() for t in accept.split(",")]
    for level in (3, 2, 1, 0):
        for name, media_type in renderers:
            matching = [t for t in (MediaType(t) for t in tokens)
                        if t.precedence() == level and MediaType(media_type).matches(t)]
            if not matching:
                continue
            if name == "html":
                return "html"
            indents = {indent(t) for t in matching}
            return f"json {indents.pop()}" if len(indents) == 1 else None
    return "406"


def indent(media_type):
    try:
        return max(min(integer(media_type.parameters["indent"]), 8), 0)
    except (KeyError, ValueError):
        return 0


def host_allowed(host, allowed):
    match = re.fullmatch(r"([a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9\.:]+\])(?::([0-9]+))?", host.lower())
    domain = match.group(1).removesuffix(".") if match else ""
    patterns = [p.strip().lower() for p in allowed.split(",")]
    return bool(domain) and any(
        p == "*" or (p and (p[0] == "." and (domain.endswith(p) or domain == p[1:]) or p == domain))
        for p in patterns)


# --- Numbers: Python's, but for digits beyond ASCII and great sizes ----------------------------------

def integer(text):
    if any(c.isdecimal() and c > "\x7f" for c in text):
        raise ValueError
    value = int(text)
    return max(min(value, LARGEST), -LARGEST)


def number_text(text):
    try:
        return str(integer(text))
    except ValueError:
        return "none"


# --- Cases -------------------------------------------------------------------------------------------

def text_cases():
    raws = [b"", b"a+b%20c", b"%zz", b"100%", b"%FF", b"%00", b"~", b"b%3Dc", *PAIRS, *RAW, *ODD]
    raws += [pieces(8, WORD, ODD, PAIRS, PAIRS, RAW) for _ in range(250)]
    raws += [pieces(8, PAIRS) for _ in range(100)] + [pieces(6, RAW, PAIRS) for _ in range(100)]
    for raw in raws:
        emit("field_latin1", raw, parse.unquote_plus(raw.decode("latin-1"), errors="replace").encode())
        if query_text(raw).encode() == raw:
            emit("field_utf8", raw, parse.unquote_plus(raw.decode(), errors="replace").encode())
        path = repercent_broken_unicode(parse.unquote_to_bytes(raw))
        emit("path", raw, path)
        emit("encode_path", path, escape_uri_path(path.decode()).encode())
        emit("encode_query", raw, iri_to_uri(raw.decode("latin-1")).encode())
        text = raw.decode("utf-8", "replace")
        emit("encode_field", text.encode(), parse.quote_plus(text).encode())
    for _ in range(500):
        raw = bytes(RANDOM.choice((0xC2, 0xC0, 0xE0, 0xE2, 0xED, 0xF0, 0xF1, 0xF4, 0xF5, 0x41,
                                   0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF)) for _ in range(RANDOM.randrange(1, 7)))
        encoded = b"".join(b"%%%02X" % b for b in raw)
        emit("field_utf8", encoded, raw.decode("utf-8", "replace").encode())
        emit("path", encoded, repercent_broken_unicode(raw))


def integer_cases():
    spaces = [chr(c) for c in range(0x10000) if chr(c).isspace()] + ["\u200b", "\ufeff", "\u180e", "\x08", "\x00"]
    texts = ["", "0", "-0", "+5", " 5 ", "1_0", "1__0", "_1", "1_", "- 1", "1.5", "1e2", "0x10", "1,2", "-1", "+", "−1",
             "²", "00012", "0_0", "9" * 18, "9" * 19, "-" + "9" * 30, "1" + "0" * 18, "0" * 30 + "7", "1" * 4300,
             "1" * 4301, "0" * 4301, "0" * 4299 + "_1", "9223372036854775807", "-9223372036854775808", "٣", "1٣", "abc"]
    texts += [s + "7" for s in spaces] + ["7" + s for s in spaces] + ["7" + s + "7" for s in spaces[:8]] + spaces
    for _ in range(500):
        texts.append("".join(RANDOM.choice("0123456789__+- \t\u00a0x") for _ in range(RANDOM.randrange(7))))
    for text in texts:
        emit("integer", text.encode(), number_text(text).encode())


def query_cases():
    keys = [b"limit", b"offset", b"%6Cimit", b"Limit", b"mode", b"spacecraft", b"format", b"a", b"z", b"Z", b"_", b"", b"%C3%A9"]
    for _ in range(200):
        fields = []
        for _ in range(RANDOM.randrange(6)):
            field = RANDOM.choice(keys) if RANDOM.random() < 0.8 else pieces(4, WORD, PAIRS, RAW)
            if RANDOM.random() < 0.8:
                field += b"=" + pieces(4, WORD, PAIRS, RAW, ODD)
            fields.append(field)
        raw = b"&".join(fields).replace(b"#", b"")
        values = querydict(raw)
        for key in ("limit", "offset", "mode", "spacecraft", "format"):
            value = values[key][-1].encode() if key in values else None
            emit("given", raw, key.encode(), b"-" if value is None else b"=" + value)
        url = "/2.3.0/spacecraft_flights/" + ("?" + iri_to_uri(raw.decode("latin-1")) if raw else "")
        emit("link", raw, b"7", b"14", replace_query_params(url, [("limit", "7"), ("offset", "14")]).encode())
        emit("link", raw, b"7", b"-", replace_query_params(url, [("limit", "7"), ("offset", None)]).encode())


def accept_cases():
    types = ["application/json", "text/html", "*/*", "application/*", "text/*", "*", "*/json", "*/html", "json",
             "text/plain", "application/xml", "application/ld+json", "Text/HTML", "APPLICATION/json", "", "/", "image/webp",
             "application/ json", "text/html/x"]
    parameters = ["q=0.5", "q=0", "Q=1", "indent=4", "indent=2", " indent = 3 ", 'indent="5"', "indent=99", "indent=-1", "indent=x",
                  "indent", "version=1", "charset=utf-8", 'a="x;indent=7"', "indent=0", " level=1", 'a="\\";b', "=x", "INDENT=6"]
    accepts = ["text/html,application/json", "text/html;level=1,application/json", "application/*,text/html",
               "text/html, */*;indent=4", "text/html,application/json;indent=2", "garbage", ",", "",
               "application/json;q=0", "text/html;q=0", "*/*;q=0.8;indent=3", "application/json;indent=4;indent=2",
               "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"]
    for _ in range(350):
        tokens = []
        for _ in range(RANDOM.randrange(1, 4)):
            token = RANDOM.choice(types)
            for _ in range(RANDOM.randrange(3)):
                token += ";" + RANDOM.choice(parameters)
            tokens.append(RANDOM.choice(("", " ", "\t")) + token + RANDOM.choice(("", " ")))
        accepts.append(",".join(tokens))
    for accept in accepts:
        for form in ("", "json", "api"):
            answer = negotiate(form, accept)
            if answer is not None:
                emit("accept", form.encode(), accept.encode(), answer.encode())


def host_cases():
    hosts = ["ll.example.org", "LL.Example.ORG", "ll.example.org:8080", "ll.example.org:", "ll.example.org.", "ll.example.org.:80",
             "example.org", "a.b.example.org", "notexample.org", "[::1]", "[::1]:9000", "[::1", "[1]", "[::ffff:1.2.3.4]:80", "[]:80",
             "[:]", "[::1]x", "[g::1]", "127.0.0.1", "127.0.0.1:8000", "", ".", "..", "-", "bad host", "a/b", "a@b", ":80",
             "a:b", "a:80:80", "a,b", "é.example", "a:٣", "[::1].", "[FE80::1]:1", "localhost", "example.org:0080"]
    allowed = ["*", "", "ll.example.org", ".example.org", "example.org", " LL.example.org , localhost", "[::1]", "127.0.0.1,[fe80::1]",
               ".", "other, *"]
    for host in hosts:
        for patterns in allowed:
            emit("host", host.encode(), patterns.encode(), b"yes" if host_allowed(host, patterns) else b"no")


if __name__ == "__main__":
    sys.set_int_max_str_digits(4300)
    text_cases()
    integer_cases()
    query_cases()
    accept_cases()
    host_cases()
