#!/usr/bin/env python3
"""http-more-cases.py: writes tests/data/http-more-cases.jsonl, cases for test_replay.

Most are answered by the original's own stack, a Django REST framework service over the flights of
tests/data/http-rows.json that this script starts on a free port; Debian's python3-djangorestframework
and python3-django-filters are what it needs. Where this project differs on purpose, the expected answer
is written out here.
"""
import json
import random
import re
import socket
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

PATH = "/2.3.0/spacecraft_flights/"
HOST = "ll.example.org"
RANDOM = random.Random(2304)

# --- The original's stack ----------------------------------------------------------------------------

settings.configure(
    ALLOWED_HOSTS=["*"], SECRET_KEY="x", ROOT_URLCONF=__name__, USE_TZ=True, APPEND_SLASH=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                           "NAME": "file:cases?mode=memory&cache=shared", "OPTIONS": {"uri": True}}},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "django_filters"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    STATIC_URL="/static/", LOGGING_CONFIG=None, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    REST_FRAMEWORK={
        "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
        "DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None,
        "EXCEPTION_HANDLER": __name__ + ".handle_exception",
    })
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import Http404  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import exceptions, pagination, routers, serializers, views, viewsets  # noqa: E402


def handle_exception(error, context):
    """Tells which object is missing, as versions from 3.15 do."""
    return views.exception_handler(exceptions.NotFound(*error.args) if isinstance(error, Http404) else error,
                                   context)


class Spacecraft(models.Model):
    class Meta:
        app_label = "cases"


class SpacecraftFlight(models.Model):
    spacecraft = models.ForeignKey(Spacecraft, models.CASCADE)

    class Meta:
        app_label = "cases"


class FlightSerializer(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = SpacecraftFlight
        fields = ["id", "url"]


class Pagination(pagination.LimitOffsetPagination):
    default_limit = 10
    max_limit = 100


class SpacecraftFlightViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = SpacecraftFlight.objects.order_by("id")
    serializer_class = FlightSerializer
    pagination_class = Pagination
    filterset_fields = ["spacecraft"]
    http_method_names = ["get"]


router = routers.SimpleRouter()
router.register("2.3.0/spacecraft_flights", SpacecraftFlightViewSet)
urlpatterns = [path("", include(router.urls))]


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


def start():
    rows = json.load(open("tests/data/http-rows.json"))
    keep = connection.cursor()  # keeps the database in memory
    with connection.schema_editor() as editor:
        editor.create_model(Spacecraft)
        editor.create_model(SpacecraftFlight)
    Spacecraft.objects.bulk_create(Spacecraft(id=s) for s in sorted({s for _, s in rows}))
    SpacecraftFlight.objects.bulk_create(SpacecraftFlight(id=f, spacecraft_id=s) for f, s in rows)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, keep


def ask(port, method, target, headers):
    request = method.encode() + b" " + target + b" HTTP/1.1\r\n"
    for name, value in headers:
        request += name.encode() + b": " + value.encode() + b"\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connected:
        connected.sendall(request + b"\r\n")
        answer = b""
        while data := connected.recv(65536):
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    return int(lines[0].split()[1]), dict((k.lower(), v) for k, v in (line.split(": ", 1) for line in lines[1:])), body


# --- Cases -------------------------------------------------------------------------------------------

written = []
seen = set()


def emit(name, method, target, headers, expect, **more):
    case = {"name": name, "method": method}
    try:
        case["target"] = target.decode()
    except UnicodeDecodeError:
        case["target_hex"] = target.hex()
    case.update(more)
    case["headers"] = headers
    case["expect"] = expect
    written.append(case)


def expectation(status, headers, body):
    expect = {"status": status}
    for name in ("content-type", "vary", "allow", "location"):
        expect[name] = headers.get(name)
    if status == 301 or headers["content-type"].startswith("text/html;"):
        return expect
    text = body.decode()
    if status != 200:
        expect["body"] = text
        return expect
    document = json.loads(text)
    indent = re.match(r"{\n( *)", text)
    expect["indented"] = len(indent[1]) if indent else 0
    if "results" in document:
        expect["page"] = {"count": document["count"], "next": document["next"], "previous": document["previous"],
                          "urls": [flight["url"] for flight in document["results"]]}
    else:
        expect["document"] = {"id": document["id"], "url": document["url"]}
    return expect


def original(port, name, target, *headers, method="GET", host=HOST):
    """A case that the original's stack answers."""
    target = target if isinstance(target, bytes) else target.encode()
    headers = ([["Host", host]] if host is not None else []) + [list(h) for h in headers]
    key = (method, target, json.dumps(headers))
    # Where this project differs on purpose, and bytes that wsgiref takes for white space.
    if key in seen or re.search(rb"spacecraft=[^&]*%00|[\x1c-\x1f\x85\xa0]", target):
        return
    seen.add(key)
    status, answered, body = ask(port, method, target, headers)
    if status == 500:
        print("left out, a crash of the original:", name, target, file=sys.stderr)
        return
    emit(name, method, target, headers, expectation(status, answered, body))


INTEGERS = ["1", "2", "007", "+3", "%2B3", "%203", "3%20", "%093%0A", "%0B3", "%0C3", "%C2%A03", "%C2%853", "%E2%80%A83",
            "%E3%80%803", "%1C3", "%1F3", "%E2%80%8B3", "%EF%BB%BF3", "-%203", "%2B%203", "--3", "%2B%2B3", "3-", "1__0",
            "_10", "10_", "1_0_0", "0x10", "0b1", "1e1", "3.0", "3,0", "3%2C", "3%00", "%003", "NaN", "inf", "None",
            "true", "", "%20", "99", "100", "101", "250", "251", "%E2%88%923", "%C2%B2", "3%0D%0A", "0", "-0", "-3", "%2B0",
            "9" * 15, "0" * 30 + "4", "%33", "3%", "3%2", "%"]


def integers(port):
    for value in INTEGERS:
        original(port, f"limit {value[:40]}", f"{PATH}?limit={value}&spacecraft=289")
        original(port, f"offset {value[:40]}", f"{PATH}?offset={value}&limit=1")
        original(port, f"spacecraft {value[:40]}", f"{PATH}?spacecraft={value}&limit=1")
        original(port, f"spacecraft of a flight {value[:40]}", f"{PATH}11/?spacecraft={value}")
        original(port, f"id {value[:40]}", f"{PATH}{value}/")
    for limit in (1, 3, 10, 100):
        for offset in (1, 2, 3, 9, 10, 11, 99, 100, 101, 149, 150, 239, 247, 249, 250, 349, 350):
            original(port, "paging", f"{PATH}?limit={limit}&offset={offset}")


QUERIES = ["", "?", "?&", "?&&&", "?=", "?=1", "?==", "?a", "?a=", "?a=b=c", "?a==b", "?%61=1&a=2", "?A=1&a=2", "?limit",
           "?Limit=3", "?LIMIT=3", "?%6Cimit=3", "?%6cimit=3", "?limit%20=3", "?+limit=3", "?limit+=3", "?limit[]=3",
           "?limit=3&limit=", "?limit=&limit=3", "?limit=3&limit=abc", "?offset=3&offset=", "?offset=&offset=3",
           "?limit=2&offset=4&limit=3&offset=6", "?offset=4&x=1&limit=2&a=3&offset=6", "?a;b=1", "?a=1;limit=2", "?a=%3B&limit=1",
           "?limit=1&a=%26%3D%3F%23", "?limit=1&%26=%26", "?limit=1&a=%2B+%20", "?limit=1&a=%0A%0D%09", "?limit=1&a=%7F%80%C2%80",
           "?limit=1&a=%E2%82", "?limit=1&a=%E2%82%AC", "?limit=1&a=%F0%9F%9A", "?limit=1&a=%F4%90%80%80", "?limit=1&a=%C0%80",
           "?limit=1&a=%ED%A0%80", "?limit=1&%FF=1", "?limit=1&%C3%A9=1&%C3=2", "?limit=1&a=%c3%a9", "?limit=1&a=%", "?limit=1&a=%2",
           "?limit=1&a=%zz%2", "?limit=1&a=%%41", "?limit=1&a=%2541", "?limit=1&a=*!'()~-._", "?limit=1&b=1&%62=2&a=3&b=0",
           "?limit=1&\u00e9=1", "?limit=1&a=\u00e9", "?limit=1&a=\u20ac\U0001f680", "?limit=1&a=%\u00e9", "?limit=1&\u00e9=%C3%A9&%C3%A9=x",
           "?limit=1&a=1&a=1&a=1", "?limit=1&z&y&x", "?limit=1&=a&=b", "?limit=1&a/b=c/d", "?limit=1&a?b=c?d", "?limit=1&?",
           "?limit=1&a=%00b%00", "?limit=1&mode=list", "?limit=1&mode=", "?limit=1&mode=DETAILED", "?limit=1&mode=normal&mode=detailed",
           "?limit=1&mode=detailed", "?mode=detailed&limit=2&offset=2", "?spacecraft=289&spacecraft=&limit=1",
           "?spacecraft=&spacecraft=289&limit=1", "?spacecraft=abc&spacecraft=289&limit=1", "?spacecraft=abc&spacecraft=&limit=1",
           "?Spacecraft=abc&limit=1", "?spacecraft__in=1,2&limit=1", "?spacecraft_id=abc&limit=1", "?spacecraft=None&limit=1",
           "?spacecraft=null&limit=1", "?spacecraft=289&limit=5&offset=18", "?spacecraft=289&limit=5&offset=22", "?spacecraft=289&offset=99",
           "?limit=1&format", "?limit=1&format=", "?format=json&limit=1", "?format=api", "?format=json&format=", "?format=&format=json&limit=1",
           "?format=xml&format=json&limit=1", "?format=json&format=xml", "?format=%6Ason&limit=1", "?format=json%20", "?format=+json",
           "?format=Json", "?format=API", "?format=html", "?format=text/html", "?format=application/json", "?format=.json", "?format=jsonp",
           "?format=%00", "?format=json%00", "?Format=xml&limit=1", "?format=json&mode=detailed&limit=2&spacecraft=289&offset=3",
           "?_method=POST&limit=1", "?callback=x&limit=1", "?limit=1&page=3", "?fields=id&limit=1", "?limit=1&offset=1&limit=2&a=%E2%80%A8"]
RAW_QUERIES = [b"?limit=1&a=\xff", b"?limit=1&a=\xc3", b"?limit=1&\xe9=\xe9", b"?limit=1&a=\xe2\x82\xac\xff", b"?limit=1&a=\xed\xa0\x80",
               b"?spacecraft=\xff", b"?limit=\xc2\xa03", b"?limit=\xa03&offset=1", b"?limit=1&a=\x7f", b"?limit=1&a=\x01\x1f"]


def queries(port):
    for query in QUERIES:
        original(port, "list " + query, PATH + query)
    for query in ["?" + "&".join(f"a{i}={i}" for i in range(n)) for n in (999, 1000, 1001)] + [
            "?" + "&" * 999, "?" + "&" * 1000, "?" + "&" * 998 + "limit=1", "?limit=1&" + "a=%41&" * 800]:
        original(port, f"{query.count('&') + 1} fields", PATH + query)
        original(port, f"{query.count('&') + 1} fields, one flight", PATH + "1/" + query)
    for query in RAW_QUERIES:
        original(port, "raw bytes", PATH.encode() + query)
        original(port, "raw bytes, one flight without its slash", PATH.encode() + b"1" + query)
    for query in QUERIES[:60]:
        original(port, "one flight " + query, PATH + "11/" + query)
        original(port, "no slash " + query, PATH[:-1] + query)
        original(port, "one flight, no slash " + query, PATH + "11" + query)
    original(port, "a long value", f"{PATH}?limit=1&a=" + "b" * 4000)
    original(port, "long values in links", f"{PATH}?limit=1&offset=1&a=" + "%C3%A9" * 500)


PATHS = ["/", "/2.3.0", "/2.3.0/", "/nope", "/nope/", "/2.3.0/nope/", "/2.3.1/spacecraft_flights/", "/2.3.0/spacecraft_flight/",
         "/2.3.0/spacecraft_flights", "//2.3.0/spacecraft_flights/", "/2.3.0//spacecraft_flights/", "/2.3.0/spacecraft_flights//",
         "/2.3.0/spacecraft_flights//1", "/2.3.0/spacecraft_flights/1//", "/2.3.0/spacecraft_flights/./", "/2.3.0/spacecraft_flights/../",
         "/./2.3.0/spacecraft_flights/", "/2.3.0/spacecraft_flights/1/2/", "/2.3.0/spacecraft_flights/1/2", "/2.3.0/spacecraft_flights/1.0",
         "/2.3.0/spacecraft_flights/1.json/", "/2.3.0/spacecraft_flights.json", "/2.3.0/SPACECRAFT_FLIGHTS/", "/2%2E3%2E0/spacecraft_flights/",
         "/2.3.0%2fspacecraft_flights%2f", "/%32.3.0/spacecraft%5fflights/1%2F", "/2.3.0/spacecraft_flights/%31", "/2.3.0/spacecraft_flights/%31/",
         "/2.3.0/spacecraft_flights/1%00/", "/2.3.0/spacecraft_flights/%00", "/2.3.0/spacecraft_flights/%zz/", "/2.3.0/spacecraft_flights/%zz",
         "/2.3.0/spacecraft_flights/%/", "/2.3.0/spacecraft_flights/%2", "/2.3.0/spacecraft_flights/%FF/", "/2.3.0/spacecraft_flights/%FF",
         "/2.3.0/spacecraft_flights/%C3%A9", "/2.3.0/spacecraft_flights/%c3%a9/", "/2.3.0/spacecraft_flights/a%20b", "/2.3.0/spacecraft_flights/a+b",
         "/2.3.0/spacecraft_flights/a+b/", "/2.3.0/spacecraft_flights/%3F", "/2.3.0/spacecraft_flights/%23", "/2.3.0/spacecraft_flights/a%3Fb=c/",
         "/2.3.0/spacecraft_flights/1;x", "/2.3.0/spacecraft_flights/a,b", "/2.3.0/spacecraft_flights/~!$&'()*:@", "/2.3.0/spacecraft_flights/%E2%82",
         "/2.3.0/spacecraft_flights/%ED%A0%80", "/2.3.0/spacecraft_flights/%2E", "/2.3.0/spacecraft_flights/%2E/", "/2.3.0/spacecraft_flights/%2F",
         "/2.3.0/spacecraft_flights/1%2F2", "/2.3.0/spacecraft_flights/1%0A/", "/2.3.0/spacecraft_flights/%0A1", "/2.3.0/spacecraft_flights/1%0D/",
         "/2.3.0/spacecraft_flights/-1", "/2.3.0/spacecraft_flights/%2B1/", "/2.3.0/spacecraft_flights/1_1/", "/2.3.0/spacecraft_flights/1__1/",
         "/2.3.0/spacecraft_flights/864/", "/2.3.0/spacecraft_flights/00864/", "/2.3.0/spacecraft_flights/865/", "/2.3.0/spacecraft_flights/abc",
         "/2.3.0/spacecraft_flights/\u00e9", "/2.3.0/spacecraft_flights/\u00e9/", "/2.3.0/spacecraft_flights/[1]", "/2.3.0/spacecraft_flights/1%252F",
         "/2.3.0/spacecraft_flights/%22%3C%3E%5C%5E%60%7B%7C%7D", "/2.3.0/spacecraft_flights/1%C2%A0/", "/2.3.0/spacecraft_flights/%E2%80%A81/",
         "/2.3.0/spacecraft_flights/1%1F/", "/2.3.0/spacecraft_flights/%C2%B2/"]


def paths(port):
    own = ("/", "/2.3.0/")  # lead to the list here
    for each in PATHS:
        if each in own:
            continue
        # wsgiref serves what begins with two slashes, others do not.
        if not each.startswith("//"):
            original(port, "path " + each, each)
            original(port, "path with a query " + each, each + "?a=%zz&b=\"<>")
            original(port, "path for a browser " + each, each, ("Accept", "text/html"))
    original(port, "path of raw bytes", b"/2.3.0/spacecraft_flights/\xff")
    original(port, "path of raw bytes with its slash", b"/2.3.0/spacecraft_flights/\xff\xc3/")
    for method in ("POST", "PUT", "PATCH", "DELETE", "FOO", "TRACE", "post", "gEt", "G-T", "M'X", "PROPFIND", "OPTIONS"):
        for each in (PATH, PATH[:-1], PATH + "1/", PATH + "1", PATH + "99999/", PATH + "abc/", PATH + "abc", "/nope/",
                     PATH + "?format=xml", PATH + "?spacecraft=abc", PATH + "?format=json", PATH + "1/?format=api"):
            original(port, f"{method} {each}", each, method=method)
        original(port, f"{method} unacceptable", PATH, ("Accept", "text/plain"), method=method)
        original(port, f"{method} for a browser", PATH, ("Accept", "text/html"), method=method)
        original(port, f"{method} indented", PATH, ("Accept", "*/*; indent=3"), method=method)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        original(port, name, PATH + "?limit=1", (name, "DELETE"))


ACCEPTS = ["", " ", "*/*", "*", "*/json", "*/html", "*/xml", "json", "application/json", "APPLICATION/JSON", "application/JSON; Indent=2", "text/html",
           "Text/HTML", "text/plain", "text/*", "application/*", "image/*", "text/html,application/json", "application/json,text/html",
           "text/html;q=0", "application/json;q=0", "application/json;q=0, text/html;q=1", "*/*;q=0", "text/html;level=1,application/json",
           "application/json;version=1,text/html", "application/json; charset=utf-8", "application/json;", "application/json;;indent=2",
           "application/*,text/html", "text/*,application/json", "text/*, */*", "application/*, */*", "*/*, text/html;q=0.1",
           "text/html, */*;indent=4", "*/*;indent=4, text/html", "application/json; indent=1", "application/json; indent=8",
           "application/json; indent=9", "application/json; indent=-1", "application/json; indent=abc", "application/json; indent=",
           "application/json; indent", "application/json; indent=\"3\"", "application/json; indent='3'", "application/json; indent= 3",
           "application/json; indent=3; indent=5", "application/json; indent=+3", "application/json; indent=0x3", "application/json; indent=3.0",
           "application/json; indent=1_0", "application/json ;indent=2", "application/json; q=0.5; indent=2", "*/*; indent=2", "application/*; indent=2",
           "text/html; indent=2", "*/json; indent=2", "application/*;indent=2, application/json", "application/json, application/*;indent=2",
           "garbage", ",", ",,", "/", "a/b/c", "application/json/x", "application//json", "application / json", "application/ json", "text/html/",
           "application/xml", "application/ld+json", "application/vnd.api+json", "application/json,", ",application/json", "application/json text/html",
           "text/html;a=\"b,c\"", "application/json;a=\"b;c\";indent=2", "application/json;a=\"b\\\";indent=2\"", "multipart/form-data", "*/*;q=abc",
           "application/json;q=", "text/html;charset=utf-8", "text/html; charset=utf-8, application/json; charset=utf-8",
           "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json, text/plain, */*", "application/signed-exchange;v=b3;q=0.7",
           "*/*,*/*", "text/html,text/html;indent=2,application/json"]


def negotiation(port):
    for accept in ACCEPTS:
        for target in (PATH + "?limit=1", PATH + "?limit=1&format=json", PATH + "?limit=1&format=api", PATH + "1/", PATH + "99999/",
                       PATH + "?spacecraft=abc", PATH + "?format=xml"):
            original(port, f"Accept: {accept} for {target}", target, ("Accept", accept))
    for pair in (("text/plain", "application/json"), ("text/html", "application/json"), ("application/json;indent=2", "text/plain"), ("", "")):
        original(port, "Accept twice", PATH + "?limit=1", ("Accept", pair[0]), ("Accept", pair[1]))
    for name, value in (("accept", "text/html"), ("ACCEPT", "application/json; indent=2"), ("X-Accept", "text/plain"), ("Accept-Language", "fr"),
                        ("Accept-Charset", "x"), ("Range", "bytes=0-5"), ("If-Modified-Since", "Tue, 24 Nov 2026 00:00:00 GMT"), ("Content-Type", "text/xml"),
                        ("Authorization", "Basic eDp5"), ("Cookie", "a=b; c"), ("Origin", "https://x.example"), ("Referer", "x"), ("Upgrade", "h2c"),
                        ("TE", "trailers"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Port", "99"), ("Forwarded", "host=evil.example;proto=https"),
                        ("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "HTTPS"), ("X-Forwarded-Ssl", "on"), ("X-Original-URL", "/x"), ("X-Rewrite-URL", "/x"),
                        ("X-Requested-With", "XMLHttpRequest"), ("If-Match", "\"x\""), ("If-Unmodified-Since", "Tue, 24 Nov 2026 00:00:00 GMT")):
        original(port, f"{name}: {value}", PATH + "?limit=1&offset=1", (name, value))


HOSTS = [HOST, "LL.EXAMPLE.org", "ll.example.org.", "ll.example.org:80", "ll.example.org:443", "ll.example.org:8000", "ll.example.org:99999999",
         "ll.example.org:0", "127.0.0.1", "127.0.0.1:8000", "localhost", "[::1]", "[::1]:8000", "[2001:DB8::a.b]", "[::1]:", "[::1", "::1", "[]", "[x]",
         "[1]", "[::1]x", "[::1]:80x", "a", ".", "..", "-", "a..b", ".a", "a b", "a/b", "a@b", "user@a:80", "a:", ":80", ":", "a:b", "a:-1", "a:+1",
         "a:8:0", "a,b", "a;b", "a?b", "a#b", "a%41", "a\"b", "<a>", "a\tb", "\u00e9.example", "xn--9ca.example", "a:\u0663", "0", "1.2.3", "*", "a*",
         "http://a", "a:80/", "a..", "a.:80"]


def hosts(port):
    for host in HOSTS:
        for target in (PATH + "?limit=1", PATH + "1", "/nope/"):
            original(port, f"Host {host}", target, host=host)
    original(port, "two Hosts", PATH + "?limit=1", ("Host", "a.example"))
    original(port, "the same Host twice", PATH + "?limit=1", ("Host", HOST))
    original(port, "bad Host for a browser", PATH, ("Accept", "text/html"), host="a b")
    original(port, "bad Host, POST", PATH, host=method="POST")


def order(port):
    """Several faults at once: which decides."""
    wrongs = {"format": "format=xml", "spacecraft": "spacecraft=abc", "none": "spacecraft=999999"}
    for method in ("GET", "POST"):
        for accept in ("*/*", "text/plain", "text/html"):
            for name, fault in list(wrongs.items()) + [("two", "format=xml&spacecraft=abc"), ("fine", "limit=1")]:
                for each in (PATH, PATH + "1/", PATH + "99999/", PATH + "abc/", PATH + "1", "/nope/"):
                    original(port, f"order: {method} {each} {name} {accept}", f"{each}?{fault}", ("Accept", accept), method=method)


def at_random(port):
    keys = ["limit", "offset", "format", "mode", "spacecraft", "a", "b", "A", "%6Cimit", "z%20", "%C3%A9", "_"]
    values = ["1", "2", "5", "17", "289", "602", "", "abc", "json", "api", "xml", "detailed", "+7", "%2B7", "%207", "x+y", "%26", "%zz", "%E2%82", "\u00e9", "40", "3_0"]
    places = [PATH] * 6 + [PATH + "11/", PATH + "864/", PATH + "11", PATH[:-1], PATH + "99999/", PATH + "abc/", "/nope/"]
    accepts = [None] * 4 + ["*/*", "text/html", "application/json; indent=2", "text/plain", "text/html, */*;indent=4"]
    for number in range(400):
        fields = [RANDOM.choice(keys) + RANDOM.choice(["=", "=", "=", "=", ""]) + RANDOM.choice(values) for _ in range(RANDOM.randrange(7))]
        accept = RANDOM.choice(accepts)
        original(port, f"random {number}", RANDOM.choice(places) + "?" + "&".join(fields), *([("Accept", accept)] if accept else []),
                 method=RANDOM.choice(["GET"] * 12 + ["POST"]))


# --- What is this project's own ----------------------------------------------------------------------

API = {"content-type": "application/json", "vary": "Accept", "allow": "GET"}
PAGE = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{0}</title>\n</head>\n<body>\n  <h1>{0}</h1><p>{1}</p>\n</body>\n</html>\n"
NOT_FOUND = {"status": 404, "content-type": "text/html", "vary": None, "allow": None,
             "body": PAGE.format("Not Found", "The requested resource was not found on this server.")}
BAD_REQUEST = {"status": 400, "content-type": "text/html", "vary": None, "allow": None, "body": PAGE.format("Bad Request (400)", "")}
CHOICE = {"status": 400, **API, "body": "{\"spacecraft\":[\"Select a valid choice. That choice is not one of the available choices.\"]}"}
UPSTREAM = "https://ll.thespacedevs.com"


def own(name, target, expect, *headers, method="GET", host=HOST, **more):
    target = target if isinstance(target, bytes) else target.encode()
    emit(name, method, target, ([["Host", host]] if host is not None else []) + [list(h) for h in headers], expect, **more)


def moved(location):
    return {"status": 301, "content-type": "text/html; charset=utf-8", "location": location, "vary": None, "allow": None, "content-length": "0"}


def first_page(base, query="limit=1", suffix=""):
    return {"status": 200, **API, "page": {"count": 250, "next": f"{base}{PATH}?{query}&offset=1", "previous": None,
                                           "urls": [f"{base}{PATH}1/{suffix}"]}}


def heads():
    for target, status, kind in ((PATH, 200, "application/json"), (PATH + "1/", 200, "application/json"), (PATH + "?format=api", 200, "text/html; charset=utf-8"),
                                 (PATH + "?spacecraft=abc", 400, "application/json"), (PATH + "99999/", 404, "application/json"), ("/nope/", 404, "text/html"),
                                 (PATH + "?format=xml", 404, "application/json")):
        own("HEAD " + target, target, {"status": status, "content-type": kind}, method="HEAD")
    own("HEAD without its slash", PATH + "1", moved(PATH + "1/"), method="HEAD")
    # Another method to whoever reads the answer, so that it must have the body that its length tells.
    own("head in lower case", PATH + "?limit=1", first_page("http://" + HOST), method="head")
    own("HEAD's length", PATH + "?spacecraft=abc", CHOICE, method="HEAD")
    own("HEAD's length of a fixed page", "/nope/", NOT_FOUND, method="HEAD")
    own("HEAD of a bad Host", PATH, BAD_REQUEST, method="HEAD", host="a b")


def preflights():
    allowed = {"status": 204, "access-control-allow-origin": "*", "access-control-allow-methods": "GET, HEAD", "content-type": None,
        "access-control-allow-headers": "*, Accept, Authorization, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, X-Requested-With"}
    refused = {"status": 405, **API, "body": "{\"detail\":\"Method \\\"OPTIONS\\\" not allowed.\"}"}
    asks = ("Access-Control-Request-Method", "GET")
    own("preflight", PATH, allowed, ("Origin", "https://x.example"), asks, method="OPTIONS")
    own("preflight of a flight", PATH + "1/?format=json", allowed, ("Origin", "null"), asks, method="OPTIONS")
    own("preflight with headers", PATH, allowed, ("Origin", "https://x.example"), asks, ("Access-Control-Request-Headers", "x-a"), method="OPTIONS")
    own("OPTIONS with Origin alone", PATH, refused, ("Origin", "https://x.example"), method="OPTIONS")
    own("OPTIONS with the method alone", PATH, refused, asks, method="OPTIONS")
    own("no preflight but a GET", PATH + "?limit=1", first_page("http://" + HOST), ("Origin", "https://x.example"), asks)
    own("preflight for a bad Host", PATH, BAD_REQUEST, ("Origin", "https://x.example"), asks, method="OPTIONS", host="a b")


def numbers():
    """Digits of other scripts are none here, and numbers end somewhere."""
    for digits in ("%D9%A3", "%E0%A5%A9", "%EF%BC%93", "1%D9%A3", "\u0663"):
        own("digits of another script: limit", f"{PATH}?limit={digits}&spacecraft=602", {"status": 200, "page": {
            "count": 1, "next": None, "previous": None, "urls": [f"http://{HOST}{PATH}864/"]}})
        own("digits of another script: spacecraft", f"{PATH}?spacecraft={digits}", CHOICE)
        own("digits of another script: id", f"{PATH}{digits}/", {"status": 404, **API, "body": "{\"detail\":\"Not found.\"}"})
    gone = {"status": 404, **API, "body": "{\"detail\":\"No SpacecraftFlight matches the given query.\"}"}
    for number in ("9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 19, "9" * 40, "-" + "9" * 40):
        own("beyond 64 bits: id", f"{PATH}{number}/", gone)
        own("beyond 64 bits: spacecraft", f"{PATH}?spacecraft={number}", CHOICE)
        own("beyond 64 bits: limit", f"{PATH}?limit={number}&spacecraft=602", {"status": 200, "page": {
            "count": 1, "next": None, "previous": None, "urls": [f"http://{HOST}{PATH}864/"]}})
    for digits in ("9" * 16, "9" * 18, "9" * 19, "9" * 30):
        status = {"status": 200, "page": {"count": 250, "next": None, "urls": []}}
        number = min(int(digits), 10**18)
        status["page"]["previous"] = f"http://{HOST}{PATH}?limit=10&offset={number - 10}"
        if int(digits) < 10**18:
            own("a large offset", f"{PATH}?offset={digits}", status)
        else:
            own("an offset without end", f"{PATH}?offset={digits}&format=api", {"status": 200, "content-type": "text/html; charset=utf-8"})
    null = {"status": 400, **API, "body": "{\"spacecraft\":[\"Null characters are not allowed.\"]}"}
    for value in ("%00", "289%00", "%00289", "abc%00"):
        own("NUL: spacecraft", f"{PATH}?spacecraft={value}", null)
        own("NUL: spacecraft of a flight", f"{PATH}1/?spacecraft={value}", null)
    search = {"status": 400, **API, "body": "[\"Null characters are not allowed.\"]"}
    own("NUL: search", f"{PATH}?search=a%00b", search)
    own("NUL: search of a missing flight", f"{PATH}99999/?search=a%00b", search)
    own("NUL: search after spacecraft", f"{PATH}?search=%00&spacecraft=abc", CHOICE)
    own("NUL: search indented", f"{PATH}?search=%00", {"status": 400, "body": "[\n    \"Null characters are not allowed.\"\n]"},
        ("Accept", "application/json;indent=4"))
    own("NUL: search, POST", f"{PATH}?search=%00", {"status": 405, **API}, method="POST")


def fields():
    many = "&".join(f"a{i}" for i in range(1001))
    own("1001 fields, no route", f"/nope/?{many}", NOT_FOUND)
    own("1001 fields, no slash", f"{PATH}1?{many}", moved(f"{PATH}1/?{many}"))
    own("1001 fields, bad format", f"{PATH}?{many}&format=xml", BAD_REQUEST)
    own("1001 fields, POST", f"{PATH}?{many}", BAD_REQUEST, method="POST")
    own("1001 fields for a browser", f"{PATH}?{many}", BAD_REQUEST, ("Accept", "text/html"))


def proxies():
    trusting = ["server.trusted_proxies=127.0.0.0/8"]
    plain, secure = first_page("http://" + HOST), first_page("https://" + HOST)
    target = PATH + "?limit=1"
    for value, page in (("https", secure), ("HTTPS", plain), ("http", plain), ("", plain), ("https, http", secure), ("http, https", plain), ("wss", plain)):
        own(f"trusted X-Forwarded-Proto: {value}", target, page, ("X-Forwarded-Proto", value), settings=trusting)
        own(f"X-Forwarded-Proto: {value} of a stranger", target, plain, ("X-Forwarded-Proto", value), settings=["server.trusted_proxies=192.0.2.0/24"])
    own("trusted proxy, host not forwarded", target, plain, ("X-Forwarded-Host", "evil.example"), ("Forwarded", "proto=https"), settings=trusting)
    own("trusted proxy, no scheme said", target, plain, settings=trusting)
    own("trusted proxy, redirect stays relative", PATH + "1", moved(PATH + "1/"), ("X-Forwarded-Proto", "https"), settings=trusting)


def public_urls():
    public = ["server.public_url=https://api.example:8443"]
    page = first_page("https://api.example:8443")
    own("public url", PATH + "?limit=1", page, settings=public)
    own("public url, other Host", PATH + "?limit=1", page, host="x.example:80", settings=public)
    own("public url, forwarded scheme", PATH + "?limit=1", page, ("X-Forwarded-Proto", "http"), settings=public)
    own("public url, flight", PATH + "7/?format=json", {"status": 200, "document": {"id": 7, "url": f"https://api.example:8443{PATH}7/?format=json"}}, settings=public)
    own("public url, bad Host", PATH + "?limit=1", BAD_REQUEST, host="a b", settings=public)
    own("public url, redirect stays relative", PATH + "1", moved(PATH + "1/"), settings=public)


def allowed_hosts():
    allowed = ["server.allowed_hosts=api.example, .space.example"]
    for host, good in (("api.example", True), ("API.example", True), ("api.example:81", True), ("api.example.", True), ("www.api.example", False),
                       ("space.example", True), ("a.space.example", True), ("a.b.space.example:1", True), ("aspace.example", False), (HOST, False),
                       ("127.0.0.1", False), ("[::1]", False), ("api.example.evil", False), ("", False)):
        for path in ("?limit=1", "1"):
            good_answer = first_page("http://" + host) if path[0] == "?" else moved(PATH + "1/")
            own(f"allowed hosts: {host}", PATH + path, good_answer if good else BAD_REQUEST, host=host, settings=allowed)
        own(f"allowed hosts: {host}, no route", "/nope/", NOT_FOUND if good else BAD_REQUEST, host=host, settings=allowed)


def own_paths():
    list_here = {"status": 302, "location": PATH}
    own("the root", "/", list_here)
    own("the version's root", "/2.3.0/", {"status": 200})
    own("the version's root without its slash", "/2.3.0", NOT_FOUND)
    for path in ("api-throttle", "schema", "docs"):
        own(path + " without its slash", f"/2.3.0/{path}?a=%zz", moved(f"/2.3.0/{path}/?a=%zz"))
    away = {"status": 307, "vary": None}
    for path in ("launches/c0c8bd9e-2a73-4cd6-b4c4-d8e42d1e1d8f/", "launches/", "agencies/88/", "landings/602/", "astronauts/1/", "agencies/88/?mode=list&a=%zz"):
        own("not served " + path, "/2.2.0/" + path, {**away, "location": f"{UPSTREAM}/2.2.0/{path}"})
        own("not served, POST " + path, "/2.2.0/" + path, {**away, "location": f"{UPSTREAM}/2.2.0/{path}"}, method="POST")
        own("not served here nor there " + path, "/2.2.0/" + path, NOT_FOUND, settings=["http.redirect_upstream=false"])
    for path in ("/2.2.0/spacecraft/flight/864/?mode=detailed&a=%zz", "/2.0.0/", "/2.1.0/launch", "/2.4.0/spacecraft_flights/?limit=1"):
        own("other version " + path, path, {**away, "location": UPSTREAM + path, "access-control-expose-headers": "ETag, Retry-After"})
    for path in ("/2.2.0", "/2.3.1/spacecraft_flights/", "/1.0.0/", "/2.2.1/", "/2.2/", "/2.x.0/"):
        own("no version " + path, path, NOT_FOUND)
    own("not served, without its slash", "/2.3.0/dashboard/starship?a=b", moved("/2.3.0/dashboard/starship/?a=b"))
    own("not served, elsewhere", "/2.2.0/agencies/88/?format=json", {**away, "location": "http://mirror.example:81/2.2.0/agencies/88/?format=json"},
        settings=["sync.upstream=http://mirror.example:81"])
    own("not served, not there", "/2.3.0/agencies/8/8/", NOT_FOUND)
    own("not served, any format", "/2.2.0/agencies/88/?format=xml", {**away, "location": f"{UPSTREAM}/2.2.0/agencies/88/?format=xml"}, ("Accept", "text/plain"))
    own("throttle's state without a throttle", "/2.3.0/api-throttle/", {"status": 200, **API,
        "body": "{\"your_request_limit\":1000000,\"limit_frequency_secs\":3600,\"current_use\":0,\"next_use_secs\":0,\"ident\":\"127.0.0.1\"}"})
    own("throttle's state, POST", "/2.3.0/api-throttle/", {"status": 405, **API, "body": "{\"detail\":\"Method \\\"POST\\\" not allowed.\"}"}, method="POST")
    own("throttle's state, format", "/2.3.0/api-throttle/?format=xml", {"status": 404, **API, "body": "{\"detail\":\"Not found.\"}"})
    own("throttle's state, Accept", "/2.3.0/api-throttle/", {"status": 406, **API}, ("Accept", "text/plain"))


def transport():
    page = first_page("http://" + HOST)
    own("HTTP/1.0", PATH + "?limit=1", page, version="1.0")
    own("HTTP/1.0 with keep-alive", PATH + "?limit=1", page, ("Connection", "keep-alive"), version="1.0")
    own("Connection: close", PATH + "?limit=1", {**page, "connection": "close"}, ("Connection", "close"))
    own("absolute target", f"http://{HOST}{PATH}?limit=1", page)
    own("absolute target of another host", f"http://other.example{PATH}?limit=1", {"status": 400, "connection": "close"})
    own("header names in any case", PATH + "?limit=1", page, ("aCCEPT", "application/json"))
    own("a hundred headers", PATH + "?limit=1", page, *[(f"X-{i}", "v" * 20) for i in range(100)])
    own("a body on GET", PATH + "?limit=1", page, ("Content-Length", "5"), body="abcde")
    refused = {"status": 405, **API, "body": "{\"detail\":\"Method \\\"POST\\\" not allowed.\"}"}
    own("a body by its length", PATH, refused, ("Content-Length", "11"), method="POST", body="{\"limit\":1}")
    own("an empty body", PATH, refused, ("Content-Length", "0"), method="POST")
    own("a body in chunks", PATH, refused, ("Transfer-Encoding", "chunked"), method="POST", body="5\r\nabcde\r\nA\r\n0123456789\r\n0\r\n\r\n")
    own("a form that names another method", PATH, refused, ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "11"),
        method="POST", body="_method=GET")
    own("a body on a redirect", PATH + "1", moved(PATH + "1/"), ("Content-Length", "3"), method="PUT", body="abc")
    own("a body on a bad Host", PATH, BAD_REQUEST, ("Content-Length", "3"), method="PUT", body="abc", host="a b")
    own("a long body", PATH, refused, ("Content-Length", "200000"), method="POST", body="x" * 200000)


def main():
    port, _keep = start()
    for group in (integers, queries, paths, negotiation, hosts, order, at_random):
        group(port)
    for group in (heads, preflights, numbers, fields, proxies, public_urls, allowed_hosts, own_paths, transport):
        group()
    for case in written:
        print(json.dumps(case, ensure_ascii=False, separators=(",", ":")))


main()
