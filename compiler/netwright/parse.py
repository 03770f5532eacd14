"""Text to syntax tree; every mistake goes to the report, and what could be read is kept."""

import gc

from netwright.diagnostics import Report
from netwright.limits import limits
from netwright.parsing.declarations import Declarations
from netwright.parsing.docs import Docs
from netwright.parsing.faults import Faults
from netwright.parsing.lexer import tokens
from netwright.parsing.machine import Machine, Plan, TooDeep, plans
from netwright.parsing.recovery import Recovery
from netwright.parsing.tables import EXPRESSION
from netwright.source import Source, Span
from netwright.syntax import Constant, Expr, File


def parse_bytes(path: str, data: bytes, report: Report) -> tuple[Source, File]:
    """The source and the syntax tree of a file as it is stored."""
    if len(data) > limits().bytes:
        source = Source(path, "")
        return source, _too_large(source, report)
    try:
        source = Source(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        source = Source(path, data.decode("utf-8", errors="replace"))
        start = len(data[: error.start].decode("utf-8"))
        message = f"byte 0x{data[error.start]:02X} is not UTF-8"
        help = "save the file as UTF-8"
        report.error("not-utf8", Span(source, start, start + 1), message, help=help)
        return source, File(source, "", ())
    return source, parse(source, report)


def parse(source: Source, report: Report) -> File:
    """The syntax tree of a spec; of a damaged one, what could be read."""
    if len(source.text) > limits().bytes:
        return _too_large(source, report)
    if (zero := source.text.find("\0")) >= 0:
        message, help = "a NUL byte: this is no text", "remove it"
        report.error("nul-byte", Span(source, zero, zero + 1), message, help=help)
        return File(source, "", ())
    faults = Faults(source, report)
    docs = Docs(faults)
    reader = Recovery(source, faults, docs, _plans(source, faults, docs))
    _read(reader)
    doc = docs.of_file(declaration.span for declaration in reader.result)
    file = File(source, doc, reader.result, tuple(dict.fromkeys(reader.lost)))
    if not faults.found:
        docs.finish()
        if not file.declarations:
            _empty(source, report)
    return file


def _read(reader: Recovery) -> None:
    """Read all of a source, and collect no garbage meanwhile: a tree has no cycles."""
    text = reader.source.text
    busy = len(text) > 100_000 and gc.isenabled()
    if busy:
        gc.disable()
    try:
        reader.read_all(1 if text.startswith("\ufeff") else 0)
    finally:
        if busy:
            gc.enable()


def _plans(source: Source, faults: Faults, docs: Docs) -> list[Plan]:
    """What is made of each rule; expressions in texts and names have a machine of their own."""
    found: list[Plan] = []

    def part(start: int, end: int) -> Expr:
        """The expression between two places."""
        machine = Machine(source, found, EXPRESSION)
        for kind, first, after in tokens(source, start, end, faults, docs):
            try:
                taken = machine.take(kind, first, after)
            except TooDeep:
                taken = -1
            if taken < 0:
                _complain(faults, machine, kind, first, after)
                return Constant(None, Span(source, start, end))
        value: Expr = machine.values[-2]
        return value

    found += plans(Declarations(faults, part, docs))
    return found


def _complain(faults: Faults, machine: Machine, kind: int, start: int, end: int) -> None:
    """Report a mistake in an expression that stands in a text or a name."""
    from netwright.parsing import complaints  # needed for wrong specs only

    expected = complaints.expectations(machine)
    message, help = complaints.plain(machine, kind, start, end, expected)
    faults.error("syntax", start, end, message, help=help or _BRACES)


_BRACES = "`{ }` right behind a name or in a text hold one expression"


def _size(bytes: int) -> str:
    """A number of bytes in words."""
    return f"{bytes >> 20} MiB" if bytes % 2**20 == 0 else f"{bytes:,} bytes"


def _too_large(source: Source, report: Report) -> File:
    """Report a file that is too large, and give an empty one."""
    message = f"the file is larger than {_size(limits().bytes)}"
    report.error(
        "file-too-large", Span(source, 0, 0), message, help="split it, and `use` its parts"
    )
    return File(source, "", ())


def _empty(source: Source, report: Report) -> None:
    """Report a file without a declaration."""
    text = source.text.strip()
    message = (
        "the file holds comments only, no net" if text else "the file is empty: it holds no net"
    )
    help = "a spec declares a `net`, or blocks that others use"
    report.error("empty-file", Span(source, 0, 0), message, help=help)
