"""The parts of documents: possible line breaks, indentation, and groups that break together.

A group may have a number, by which other parts ask how it came out.
"""

from collections.abc import Callable

from netwright.layout.page import ALL_LINES, INDENT, UP_TO_BREAK, Doc, Page, Ruler


class Break:
    """A place for a line break, and what stands there without one."""

    __slots__ = ("flat",)

    def __init__(self, flat: str) -> None:
        self.flat = flat

    def print(self, page: Page, indent: int, flat: bool) -> None:
        if flat:
            page.write(self.flat)
        else:
            page.new_line(indent)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        if flat:
            return ruler.add(len(self.flat), mode)
        if mode == UP_TO_BREAK:
            return True
        ruler.column = INDENT * indent
        return None


class AlwaysBreak(Break):
    """A line break that no group takes away."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        page.new_line(indent)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        return True if flat else super().measure(ruler, indent, flat, mode)


SOFT, SPACE, HARD = Break(""), Break(" "), AlwaysBreak("")


class Lazy:
    """A group whose breaks are worked out only if its text does not fit."""

    __slots__ = ("content", "flat", "make")

    def __init__(self, flat: str, make: Callable[[], Doc]) -> None:
        self.flat = flat
        self.make = make
        self.content: Doc | None = None

    def expanded(self) -> Doc:
        """The document with its breaks."""
        if self.content is None:
            self.content = self.make()
        return self.content

    def print(self, page: Page, indent: int, flat: bool) -> None:
        if page.stays_flat(self, indent, flat):
            page.write(self.flat)
        else:
            page.push(indent, False, self.expanded())

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        if flat:
            return ruler.add(len(self.flat), mode)
        ruler.push(indent, False, mode, self.expanded())
        return None


class Around:
    """A part around another document, and the number of a group."""

    __slots__ = ("content", "group")

    def __init__(self, content: Doc, group: int = 0) -> None:
        self.content = content
        self.group = group

    def print(self, page: Page, indent: int, flat: bool) -> None:
        page.push(indent, flat, self.content)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        ruler.push(indent, flat, mode, self.content)
        return None


class Indent(Around):
    """Content one level deeper, if the group of that number is not flat."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        deeper = not page.flat_groups.get(self.group, False)
        page.push(indent + deeper, flat, self.content)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        deeper = not ruler.flat_groups.get(self.group, False)
        ruler.push(indent + deeper, flat, mode, self.content)
        return None


class IfBroken(Around):
    """Content only if the group of that number, or else the one around it, is expanded."""

    __slots__ = ()
    absent_if = True

    def print(self, page: Page, indent: int, flat: bool) -> None:
        if page.flat_groups.get(self.group, flat) is not self.absent_if:
            page.push(indent, flat, self.content)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        if ruler.flat_groups.get(self.group, flat) is not self.absent_if:
            ruler.push(indent, flat, mode, self.content)
        return None


class IfFlat(IfBroken):
    """Content only if that group is flat."""

    __slots__ = ()
    absent_if = False


class Group(Around):
    """Content on one line if it fits; the number tells others."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        page.flat_groups[self.group] = True
        page.flat_groups[self.group] = flat = page.stays_flat(self, indent, flat)
        page.push(indent, flat, self.content)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        ruler.flat_groups[self.group] = flat
        ruler.push(indent, flat, mode, self.content)
        return None


class GroupIfBroken(Around):
    """A group of its own if that of the number is expanded, else mere content."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        if not page.flat_groups[self.group]:
            flat = page.stays_flat(self.content, indent, flat)
        page.push(indent, flat, self.content)


class Expanded(Around):
    """A group that is never flat."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        page.push(indent, False, self.content)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        ruler.push(indent, False, mode, self.content)
        return None


class Roomy(Around):
    """What is in a bracket: takes any room if the numbered group is flat, only its end counts."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        if page.flat_groups[self.group]:
            page.measured = False
        page.push(indent, flat, self.content)

    def measure(self, ruler: Ruler, indent: int, flat: bool, mode: int) -> bool | None:
        if flat and ruler.flat_groups[self.group]:
            ruler.column = INDENT * indent
        else:
            ruler.push(indent, flat, mode, self.content)
        return None


class ParenthesesIfBetter(Group):
    """Content that gets parentheses, and lines of its own in them, only if it then fits."""

    __slots__ = ()

    def print(self, page: Page, indent: int, flat: bool) -> None:
        doc: Doc = ["(", Indent([HARD, self.content]), HARD, ")"]
        page.flat_groups[self.group] = True
        if page.stays_flat(self.content, indent, flat):
            doc, flat = self.content, True
        else:
            page.flat_groups[self.group] = False
            if not page.fits(doc, indent, flat, ALL_LINES):
                doc, flat = self.content, True
        page.flat_groups[self.group] = flat
        page.push(indent, flat, doc)


class Choice(Around):
    """The first of some variants whose flat text fits, else the last, expanded."""

    __slots__ = ("variants",)

    def __init__(self, *variants: Doc) -> None:
        super().__init__(variants[-1])
        self.variants = variants

    def print(self, page: Page, indent: int, flat: bool) -> None:
        page.measured = True
        for variant in self.variants[:-1]:
            if page.fits(variant, indent, True, UP_TO_BREAK):
                page.push(indent, True, variant)
                return
        page.push(indent, False, self.content)
