"""Diagnostics as SARIF 2.1.0, which code scanning and editors read."""

from collections.abc import Sequence
from typing import Any

from netwright import __version__
from netwright.diagnostics import Diagnostic, Related
from netwright.report.json import text
from netwright.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(found: Sequence[Diagnostic]) -> str:
    """A log of one run."""
    codes = sorted({one.code for one in found})
    driver = {
        "name": "netwright",
        "semanticVersion": __version__,
        "rules": [{"id": code, "help": {"text": f"netwright explain {code}"}} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in found],
    }
    return text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    said = f"{found.message}\n{found.help}" if found.help else found.message
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.value,
        "message": {"text": said},
        "locations": [_location(found.span)],
    }
    if found.related:
        result["relatedLocations"] = [_related(other) for other in found.related]
    if found.trace:
        result["stacks"] = [
            {
                "message": {"text": "how the run came here"},
                "frames": [{"location": _related(step)} for step in found.trace],
            }
        ]
    return result


def _related(other: Related) -> dict[str, Any]:
    return {**_location(other.span), "message": {"text": other.message}}


def _location(span: Span) -> dict[str, Any]:
    line, column = span.source.place(span.end)
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": line,
        "endColumn": column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span)}, "region": region}}


def _uri(span: Span) -> str:
    """A relative reference, or a whole one where the path starts at the root."""
    from urllib.parse import quote

    path = span.source.path.replace("\\", "/")
    return f"file://{quote(path)}" if path.startswith("/") else quote(path)
