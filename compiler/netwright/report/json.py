"""Diagnostics and nets as JSON, the interface of users' scripts."""

from collections.abc import Iterable, Sequence
from json import dumps
from typing import Any

from netwright.diagnostics import Diagnostic, Related
from netwright.pipeline import CheckedNet


def render(found: Sequence[Diagnostic], nets: Iterable[tuple[str, CheckedNet]]) -> str:
    """The document of `check`: everything that was found, and the nets with their files."""
    document = {
        "diagnostics": [_diagnostic(one) for one in found],
        "nets": [_net(path, net) for path, net in nets],
    }
    return text(document)


def text(document: dict[str, Any] | list[Any]) -> str:
    """A document with each of its facts, and each item of its lists, on a line."""
    if isinstance(document, list):
        return _list(document, "") + "\n"
    facts = [
        f"  {dumps(key)}: {_list(value, '  ') if _is_long(value) else dumps(value)}"
        for key, value in document.items()
    ]
    return "\n".join(["{", ",\n".join(facts), "}", ""])


def _is_long(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _list(items: list[Any], margin: str) -> str:
    lines = [f"{margin}  {dumps(item)}" for item in items]
    return "\n".join(["[", ",\n".join(lines), f"{margin}]"]) if items else "[]"


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    end_line, end_column = found.span.source.place(found.span.end)
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "file": found.span.source.path,
        "line": found.span.line,
        "column": found.span.column,
        "end_line": end_line,
        "end_column": end_column,
        "help": found.help or None,
        "related": [_related(other) for other in found.related],
        "trace": [_related(step) for step in found.trace],
    }


def _related(other: Related) -> dict[str, Any]:
    span = other.span
    return {
        "file": span.source.path,
        "line": span.line,
        "column": span.column,
        "message": other.message,
    }


def _net(path: str, net: CheckedNet) -> dict[str, Any]:
    totals = net.instance.totals
    return {
        "name": net.name,
        "file": path,
        "params": totals.params,
        "total_params": totals.total_params,
        "macs": totals.macs,
    }
