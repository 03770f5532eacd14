"""Lines of a spec with marks under them: where a mistake is, and whence the other operand came."""

from collections.abc import Callable, Iterator

from netwright.diagnostics import Diagnostic, Severity
from netwright.record import record
from netwright.report.display import Shown, Window, visible, width
from netwright.report.paint import Paint
from netwright.source import Source, Span

LARGEST_GAP = 2  # one line between two marks is shown, more are not
MOST_WIDTH = 400


@record
class Mark:
    """Characters of one line to point at, counted from 0, and what to say there."""

    line: int
    start: int
    end: int
    message: str
    main: bool


def snippet(found: Diagnostic, *, paint: Paint, most: int) -> list[str]:
    """The lines that a diagnostic speaks of, file by file, the main place first."""
    groups = _by_source(found)
    digits = max(len(str(mark.line)) for _, marks in groups for mark in marks)
    strong = paint.error if found.severity is Severity.ERROR else paint.warning
    lines: list[str] = []
    for source, marks in groups:
        first = next((mark for mark in marks if mark.main), marks[0])
        place = f"{visible(source.path)}:{first.line}:{first.start + 1}"
        lines.append(f"{'':{digits}} {paint.bar('┌─')} {place}")
        if source.text:
            room = min(MOST_WIDTH, max(20, most - digits - 3))
            excerpt = Excerpt(source, digits, room, paint, strong)
            lines += excerpt.lines(sorted(marks, key=lambda mark: (mark.line, mark.start)))
    return lines


def _by_source(found: Diagnostic) -> list[tuple[Source, list[Mark]]]:
    """The marks of each file; what is said of the main place joins its mark."""
    main = [other.message for other in found.related if other.span == found.span]
    places = [(found.span, "; ".join(main), True)]
    places += [(o.span, o.message, False) for o in found.related if o.span != found.span]
    groups: dict[str, tuple[Source, list[Mark]]] = {}
    for span, message, is_main in places:
        group = groups.setdefault(span.source.path, (span.source, []))
        group[1].append(_mark(span, message, main=is_main))
    return list(groups.values())


def _mark(span: Span, message: str, *, main: bool) -> Mark:
    """The mark of a span; of one of several lines, as far as its first line goes."""
    line, column = span.line, span.column
    text = span.source.line(line) if span.source.text else ""
    end = min(column - 1 + span.end - span.start, len(text.rstrip()))
    return Mark(line, column - 1, max(end, column), visible(message), main)


class Excerpt:
    """Lines of one file, framed."""

    def __init__(
        self, source: Source, digits: int, most: int, paint: Paint, strong: Callable[[str], str]
    ) -> None:
        self.source = source
        self.digits = digits
        self.most = most
        self.paint = paint
        self.strong = strong

    def lines(self, marks: list[Mark]) -> Iterator[str]:
        """The marked lines in order, and what lies between them or a sign that something does."""
        last = marks[0].line
        for number in sorted({mark.line for mark in marks}):
            if number - last == LARGEST_GAP:
                yield self._line(number - 1, self.source.line(number - 1)[: self.most])
            elif number - last > LARGEST_GAP:
                yield f"{'':{self.digits}} {self.paint.bar('·')}"
            yield from self._marked([mark for mark in marks if mark.line == number])
            last = number

    def _line(self, number: int, text: str) -> str:
        bar = self.paint.bar(f"{number:{self.digits}} │")
        return f"{bar} {Shown(text).text}".rstrip()

    def _under(self, text: str) -> str:
        return f"{'':{self.digits}} {self.paint.bar('│')} {text}"

    def _marked(self, marks: list[Mark]) -> Iterator[str]:
        """One line and what is said under it, the last mark first."""
        text = self.source.line(marks[0].line)
        focus = next((mark for mark in marks if mark.main), marks[0])
        window = Window(text, focus.start, self.most)
        yield self._line(marks[0].line, window.line)
        shown = Shown(window.line)
        columns = [shown.column(window.index(mark.start)) for mark in marks]
        row = [(" ", False)] * (max(shown.column(window.index(mark.end)) for mark in marks) + 1)
        for mark in sorted(marks, key=lambda mark: mark.main):
            start, end = (shown.column(window.index(place)) for place in (mark.start, mark.end))
            for column in range(start, max(end, start + 1)):
                row[column] = ("^" if mark.main else "-", mark.main)
        said = [(column, mark) for column, mark in zip(columns, marks, strict=True) if mark.message]
        yield self._under(self._underline(row) + self._beside(said, columns))
        yield from map(self._under, self._hanging(said[:-1] if self._fits(said, columns) else said))

    def _underline(self, row: list[tuple[str, bool]]) -> str:
        """The carets and dashes, painted in runs."""
        parts: list[str] = []
        text = "".join(char for char, _ in row).rstrip()
        start = 0
        for at in range(1, len(text) + 1):
            if at == len(text) or text[at] != text[start]:
                parts.append(self._painted(text[start:at]))
                start = at
        return "".join(parts)

    def _painted(self, run: str) -> str:
        if run[0] == "^":
            return self.strong(run)
        return self.paint.other(run) if run[0] == "-" else run

    def _fits(self, said: list[tuple[int, Mark]], columns: list[int]) -> bool:
        """Whether the last message can stand beside the marks."""
        return bool(said) and said[-1][0] == columns[-1]

    def _beside(self, said: list[tuple[int, Mark]], columns: list[int]) -> str:
        return f" {self._say(said[-1][1])}" if self._fits(said, columns) else ""

    def _say(self, mark: Mark) -> str:
        return (self.strong if mark.main else self.paint.other)(mark.message)

    def _hanging(self, said: list[tuple[int, Mark]]) -> Iterator[str]:
        """The other messages, each under its mark, with a line down to those that follow."""
        for index in reversed(range(len(said))):
            column, mark = said[index]
            lead = ""
            for other, _ in said[:index]:
                if other >= width(lead) and other < column:
                    lead += " " * (other - len(lead)) + "│"
            yield lead + " " * (column - len(lead)) + self._say(mark)
