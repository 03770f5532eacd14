"""Programs that say in a comment what must come out of them.

``# error[code]: words``  one error on this line, of this code, whose texts hold every word
                          (``a|b`` is either; the code may be left out).
``# or here``             the only error of the file may point here as well.

``NAME.expect`` beside a program speaks for it where an error has another file or no line:
``error[code] FILE:LINE: words``. Right programs say ``# net NAME params=… output=[…]``.
"""

import re
from pathlib import Path

from netwright.bind.binder import Bounds
from netwright.diagnostics import Diagnostic, Report, Severity
from netwright.files import DiskFiles
from netwright.instance import Instance
from netwright.parse import parse, parse_bytes
from netwright.pipeline import Checked, check
from netwright.record import record
from netwright.source import Source

CASES = Path(__file__).parent / "cases"
MARK = re.compile(r"# error(?:\[(?P<code>[\w|-]+)\])?:(?P<words>.*)$")
SIDECAR = re.compile(
    r"^error(?:\[(?P<code>[\w|-]+)\])? *(?:(?P<file>[\w./]+):(?P<line>\d+))?:(?P<words>.*)$", re.M
)
NET = re.compile(r"^# net (?P<name>\w+)(?P<facts>.*)$", re.M)
FACT = re.compile(r"(\w+)=(\[[^]]*\]|\S+)")


@record
class Mark:
    """One error that must be reported; no lines mean that any place will do."""

    file: str
    lines: frozenset[int]
    codes: tuple[str, ...]
    words: tuple[str, ...]

    def fits(self, found: Diagnostic) -> bool:
        """Whether a diagnostic has this place, this code and these words."""
        span = found.span
        if self.lines and not (span.source.path.endswith(self.file) and span.line in self.lines):
            return False
        coded = not self.codes or found.code in self.codes
        return coded and all(mentions(said(found), word) for word in self.words)


def marks(file: Path) -> list[Mark]:
    """The errors that a wrong program must give."""
    sidecar = file.with_suffix(".expect")
    if sidecar.exists():
        return [
            Mark(m["file"] or "", _line(m["line"]), _codes(m["code"]), tuple(m["words"].split()))
            for m in SIDECAR.finditer(sidecar.read_text(encoding="utf-8"))
        ]
    lines = list(enumerate(file.read_text(encoding="utf-8").splitlines(), start=1))
    also = frozenset(number for number, line in lines if line.endswith("# or here"))
    here = [(number, match) for number, line in lines if (match := MARK.search(line))]
    return [
        Mark(file.name, also | {number}, _codes(match["code"]), tuple(match["words"].split()))
        for number, match in here
    ]


def _line(number: str | None) -> frozenset[int]:
    return frozenset({int(number)} if number else ())


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def said(found: Diagnostic) -> str:
    """Everything that a diagnostic says in words, digits not grouped."""
    texts = [found.message, found.help, *(other.message for other in found.related)]
    return re.sub(r"(?<=\d),(?=\d{3})", "", "\n".join(texts))


def mentions(text: str, word: str) -> bool:
    """Whether a text holds a word whole, or one of ``a|b``."""
    options = [re.sub(r"(?<=\d),(?=\d{3})", "", option) for option in word.split("|")]
    return any(re.search(rf"(?<!\w){re.escape(option)}(?!\w)", text) for option in options)


def checked(file: Path) -> Checked:
    """A file of the disk, through all checks."""
    report = Report()
    _, parsed = parse_bytes(str(file), file.read_bytes(), report)
    return check(parsed, DiskFiles(), report, bounds=Bounds(work=200_000))


def errors(result: Checked) -> list[Diagnostic]:
    """The errors alone."""
    return [found for found in result.diagnostics if found.severity is Severity.ERROR]


def result_of(spec: str) -> Checked:
    """A text through all checks."""
    report = Report()
    return check(parse(Source("spec.net", spec), report), DiskFiles(), report)


def instance_of(spec: str, net: str = "N") -> Instance:
    """The instance of a net in a text that must be right."""
    result = result_of(spec)
    assert not result.diagnostics, [(d.span.line, d.message) for d in result.diagnostics]
    return next(found.instance for found in result.nets if found.name == net)
