"""The text of a spec as a tree of lines, so that a line which does not fit can be taken out."""

from collections.abc import Iterator, Sequence

from netwright.record import field, record


@record
class Piece:
    """A line, or a head with bodies: each with what closes it, ``}``, ``} else {`` or ``]``."""

    head: str
    bodies: "tuple[tuple[tuple[Piece, ...], str], ...]" = field(default=())

    def lines(self, indent: str = "") -> Iterator[str]:
        """The text, line by line."""
        yield f"{indent}{self.head}"
        for body, tail in self.bodies:
            for piece in body:
                yield from piece.lines(f"{indent}    ")
            yield f"{indent}{tail}"

    @property
    def size(self) -> int:
        """Number of lines."""
        return 1 + sum(1 + sum(piece.size for piece in body) for body, _ in self.bodies)


Pieces = tuple[Piece, ...]


def text_of(pieces: Sequence[Piece]) -> str:
    """The text of some pieces inside braces."""
    return "".join(f"{line}\n" for piece in pieces for line in piece.lines("    "))


def braces(head: str, *bodies: Sequence[Piece]) -> Piece:
    """``head { … }``, with ``} else {`` between two bodies."""
    tails = ["} else {"] * (len(bodies) - 1) + ["}"]
    pairs = zip(map(tuple, bodies), tails, strict=True)
    return Piece(f"{head} {{".strip(), tuple(pairs))


def brackets(head: str, branches: Sequence[Piece], behind: str = "") -> Piece:
    """``head [ … ]`` with the steps behind it."""
    return Piece(f"{head} [", ((tuple(branches), f"]{behind}"),))


def without(pieces: Pieces, line: int, start: int = 1) -> Pieces | None:
    """The pieces less the innermost one that the line lies in; none where there is no such."""
    for place, piece in enumerate(pieces):
        if line < start + piece.size:
            smaller = _cut(piece, line, start)
            return (*pieces[:place], *smaller, *pieces[place + 1 :]) if line >= start else None
        start += piece.size
    return None


def _cut(piece: Piece, line: int, start: int) -> Pieces:
    start += 1
    for place, (body, tail) in enumerate(piece.bodies):
        length = sum(inner.size for inner in body)
        if start <= line < start + length:
            rest = without(body, line, start)
            assert rest is not None
            bodies = (*piece.bodies[:place], (rest, tail), *piece.bodies[place + 1 :])
            return (Piece(piece.head, bodies),) if rest else ()
        start += length + 1
    return ()
