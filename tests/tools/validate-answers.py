#!/usr/bin/python3
"""Validates answers against an OpenAPI 3.0 document, with Debian's python3-jsonschema.

Standard input is lines of JSON: first the document, then answers, each an array of path (as the document
names it), status and body. Prints one line for each that is not as described, and exits 1 then.

OpenAPI 3.0 is not quite JSON Schema: `nullable` becomes a type here or, beside the `allOf` of a reference, a
choice, as all generators of clients read it. Objects may have no fields but those
that are described, which the document does not demand."""
import datetime
import json
import sys

import jsonschema

formats = jsonschema.FormatChecker(formats=("date", "uuid", "uri"))


@formats.checks("date-time")
def is_moment(text):
    try:
        return not isinstance(text, str) or datetime.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@formats.checks("int32")
def is_int32(number):
    return not isinstance(number, int) or -(2**31) <= number < 2**31


def convert(schema):
    if isinstance(schema, list):
        return [convert(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: convert(value) for key, value in schema.items()}
    if schema.pop("nullable", False) is True:
        if "allOf" in schema:
            return {"anyOf": [{"allOf": schema["allOf"]}, {"type": "null"}]}
        schema["type"] = [schema["type"], "null"]
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        schema["additionalProperties"] = False
    return schema


def schema_of(document, path, status):
    answer = document["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return answer["content"]["application/json"]["schema"]


def main():
    document = convert(json.loads(sys.stdin.readline()))
    count = 0
    wrong = 0
    for line in sys.stdin:
        path, status, body = json.loads(line)
        schema = {"components": document["components"], **schema_of(document, path, status)}
        if "$ref" in schema:  # beside which nothing counts
            schema = {"components": document["components"], "allOf": [{"$ref": schema["$ref"]}]}
        validator = jsonschema.Draft4Validator(schema, format_checker=formats)
        count += 1
        for error in validator.iter_errors(body):
            best = jsonschema.exceptions.best_match([error])
            print(path, status, "/".join(map(str, best.absolute_path)), best.message[:300])
            wrong = 1
    print(count, "answers")
    return wrong


sys.exit(main())
