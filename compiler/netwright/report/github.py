"""Diagnostics as commands of GitHub's workflows, which show them beside the changed lines."""

from collections.abc import Sequence

from netwright.diagnostics import Diagnostic


def render(found: Sequence[Diagnostic]) -> str:
    """One command a diagnostic."""
    return "".join(f"{_command(one)}\n" for one in found)


def _command(found: Diagnostic) -> str:
    line, column = found.span.source.place(found.span.end)
    properties = {
        "file": found.span.source.path,
        "line": found.span.line,
        "endLine": line,
        "col": found.span.column,
        "endColumn": column,
        "title": found.code,
    }
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{found.severity.value} {said}::{_escaped(_message(found))}"


def _message(found: Diagnostic) -> str:
    others = [f"{other.message} (line {other.span.line})" for other in found.related]
    steps = [step.message for step in found.trace]
    return "\n".join(filter(None, [found.message, *others, *steps, found.help]))


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
