"""Why: a browsable page of the API that needs no script and no foreign host, so it works offline and under our CSP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any, Final

import msgspec
from litestar import Request, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from server.web.problems import MEDIA_TYPE, Problem

PATH: Final = "/api/schema"
METHODS: Final = ("get", "post", "put", "patch", "delete")

STYLE: Final = """
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 18%, Canvas); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
details { border-top: 1px solid var(--line); }
summary { padding: .6rem 0; cursor: pointer; display: flex; gap: .75rem; flex-wrap: wrap; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
.method { font-weight: 700; min-width: 4.5rem; text-transform: uppercase; }
.said { opacity: .75; }
table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
"""


@get("/page.css", media_type="text/css", sync_to_thread=False)
def page_style() -> str:
    """The style of the page."""
    return STYLE


Bodies = Mapping[str, tuple[dict[str, Any], dict[str, Any]]]
"""By the path of a POST whose handler reads its body raw: the body's schema, and the named parts it speaks of."""


def config(version: str, bodies: Bodies) -> OpenAPIConfig:
    """The API's description at `/api/schema/openapi.json`, and the page over it at `/api/schema`."""
    return OpenAPIConfig(
        title="Pickwave",
        version=version,
        description="Errors are problem+json with the field, what was wanted and what was got. "
        "Lists are paged by `limit` and `after`. The floor commands and the WebSocket are in `docs/`.",
        use_handler_docstrings=True,
        openapi_router=Router(PATH, route_handlers=[page_style], include_in_schema=False, opt={"permission": "public"}),
        render_plugins=[Page(bodies, path="/"), Json(bodies)],
        create_examples=False,
    )


class Json(JsonRenderPlugin):
    """The description as JSON."""

    def __init__(self, bodies: Bodies) -> None:
        super().__init__()
        self._bodies = bodies

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The whole document."""
        return super().render(request, completed(openapi_schema, self._bodies))


class Page(OpenAPIRenderPlugin):
    """The description as plain HTML, made from the same document as the JSON."""

    def __init__(self, bodies: Bodies, path: str) -> None:
        super().__init__(path=path)
        self._bodies = bodies

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The whole page."""
        return "".join(_page(completed(openapi_schema, self._bodies))).encode()


def completed(schema: dict[str, Any], bodies: Bodies) -> dict[str, Any]:
    """The description with the one shape of our errors in place of the framework's own, and with the raw bodies."""
    (found,), parts = msgspec.json.schema_components((Problem,), ref_template="#/components/schemas/{name}")
    error = {"description": "An error, as problem+json.", "content": {MEDIA_TYPE: {"schema": found}}}
    schema.setdefault("components", {}).setdefault("schemas", {}).update(parts)
    for _, _, _, operation in _operations(schema):
        operation["responses"].pop("400", None)
        operation["responses"].update({"4XX": error, "503": error})
        operation["responses"].get("204", {}).pop("content", None)
    for path, (body, named) in bodies.items():
        schema["components"]["schemas"] |= named
        content = {"application/json": {"schema": body}}
        schema["paths"][path]["post"]["requestBody"] = {"required": True, "content": content}
    return schema


def _page(schema: Mapping[str, Any]) -> Iterator[str]:
    info = schema["info"]
    yield "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    yield f"<title>{escape(info['title'])} API</title><link rel=stylesheet href='{PATH}/page.css'>"
    yield f"<main><h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>"
    yield f"<p>{_said(info.get('description', ''))} <a href='{PATH}/openapi.json'>openapi.json</a></p>"
    for tag, rows in groupby(sorted(_operations(schema), key=lambda row: row[0]), key=lambda row: row[0]):
        yield f"<h2>{escape(tag)}</h2>"
        for _, path, method, operation in rows:
            yield from _operation(path, method, operation)
    yield "<h2>Types</h2>"
    for name, shape in sorted(schema.get("components", {}).get("schemas", {}).items()):
        yield f"<details id='{escape(name)}'><summary><code>{escape(name)}</code></summary>{_code(shape)}</details>"
    yield "</main>"


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    for path, item in schema.get("paths", {}).items():
        for method in METHODS:
            if operation := item.get(method):
                yield (operation.get("tags") or ["other"])[0], path, method, operation


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<details><summary><span class=method>{method}</span><code>{escape(path)}</code>"
    yield f"<span class=said>{_said(operation.get('summary', ''))}</span></summary>"
    yield f"<p>{_said(operation.get('description', ''))}</p>"
    if parameters := operation.get("parameters"):
        yield "<table><tr><th>parameter<th>in<th>type<th>"
        for one in parameters:
            yield (
                f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}<td>{_code(one.get('schema', {}))}"
                f"<td>{'required' if one.get('required') else ''} {_said(one.get('description') or '')}"
            )
        yield "</table>"
    if body := operation.get("requestBody"):
        yield "<h4>Body</h4>" + "".join(_code(kind.get("schema", {})) for kind in body["content"].values())
    for status, response in operation.get("responses", {}).items():
        yield f"<h4>{escape(status)} <span class=said>{_said(response.get('description', ''))}</span></h4>"
        yield "".join(_code(kind.get("schema", {})) for kind in response.get("content", {}).values())
    yield "</details>"


def _said(text: str) -> str:
    """What a docstring says, its `codes` drawn as such."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _code(shape: Any) -> str:
    if isinstance(shape, Mapping) and set(shape) == {"$ref"}:
        name = str(shape["$ref"]).rpartition("/")[2]
        return f"<code><a href='#{escape(name)}'>{escape(name)}</a></code>"
    return f"<pre>{escape(msgspec.json.format(msgspec.json.encode(shape), indent=2).decode())}</pre>"
