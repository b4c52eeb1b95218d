"""The OpenAPI document, made of the declarations by which requests are read and rows are written."""

from typing import Any

from engine.api import formats, noting, problems
from engine.api.resource import SCHEMAS, Resource

Document = dict[str, Any]
RESPONSES = {
    "400": "A parameter that there is not, one given twice, or a cursor of another query",
    "401": "No token, or one that is unknown, expired or revoked",
    "403": "Something that this token may not see or do",
    "404": "There is nothing of this name",
    "405": "A method that this path does not take",
    "406": "None of the formats there are is accepted",
    "422": "A value that is not allowed",
    "429": "Asked too often; Retry-After says when to come again",
    "503": "Not now; Retry-After says when to come again",
}
GONE = "The edition is no longer kept"
HEADERS = {
    "ETag": "Names this page; send it as If-None-Match to be spared a page that is the same",
    "Link": "Where the next page is: rel=next",
}


def document(version: str, resources: tuple[Resource, ...], server: str) -> Document:
    """OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast",
            "version": version,
            "description": "The published numbers, for notebooks and other programs. Tokens are made on the "
            "People page or by `python -m engine token create NAME`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {f"/{resource.name}": path_of(resource) for resource in resources},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {resource.name: rows_of(resource) for resource in resources}
            | {"problem": problems.SCHEMA, "new_annotation": noting.schema()},
            "responses": {f"problem_{status}": refused(about) for status, about in said().items()},
        },
    }


def said() -> dict[str, str]:
    more = {"410": GONE, "413": "The body is too large", "415": "The body is not application/json"}
    return RESPONSES | more


def path_of(resource: Resource) -> Document:
    read: Document = {
        "operationId": f"read_{resource.name}",
        "summary": resource.title,
        "description": resource.about,
        "parameters": [parameter.declared() for parameter in resource.declared],
        "responses": {"200": page_of(resource), "304": {"description": "The same as If-None-Match names"}}
        | refusals(*RESPONSES, *(["410"] if "edition" in resource.beside else [])),
    }
    head = read | {"operationId": f"head_{resource.name}"}
    return {"get": read, "head": head} | ({"post": noted()} if resource.name == "annotations" else {})


def refusals(*statuses: str) -> Document:
    return {status: {"$ref": f"#/components/responses/problem_{status}"} for status in statuses}


def refused(about: str) -> Document:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": about, "content": {problems.MEDIA: {"schema": schema}}}


def page_of(resource: Resource) -> Document:
    content: Document = {
        formats.JSON.media: {"schema": {"$ref": f"#/components/schemas/{resource.name}"}},
        formats.ARROW.media: {"schema": {"type": "string", "contentMediaType": formats.ARROW.media}},
        formats.CSV.media: {"schema": {"type": "string"}},
    }
    headers = {name: {"description": about, "schema": {"type": "string"}} for name, about in HEADERS.items()}
    return {"description": "A page of rows", "headers": headers, "content": content}


def rows_of(resource: Resource) -> Document:
    return {
        "type": "object",
        "required": [*resource.beside, "rows"],
        "properties": {**resource.beside, "rows": {"type": "array", "items": row_of(resource)}},
    }


def row_of(resource: Resource) -> Document:
    columns = {
        column.name: SCHEMAS[column.kind] | {"description": column.about} for column in resource.columns
    }
    return {"type": "object", "required": list(columns), "properties": columns}


def noted() -> Document:
    body = {"schema": {"$ref": "#/components/schemas/new_annotation"}}
    row = {"$ref": "#/components/schemas/annotations/properties/rows/items"}
    made = {"description": "It was noted", "content": {formats.JSON.media: {"schema": row}}}
    return {
        "operationId": "add_annotation",
        "summary": "Note a release, an incident or something else",
        "description": "Takes a token of the role lead or above.",
        "requestBody": {"required": True, "content": {formats.JSON.media: body}},
        "responses": {"201": made} | refusals(*RESPONSES, "413", "415"),
    }
