"""How large a text and its lists may be: a spec is untrusted, and who runs it moves the bounds."""

from contextvars import ContextVar

from netwright.record import field, record, replace


@record
class Limits:
    """The most bytes of a file, brackets and calls in one another, and items of a list."""

    bytes: int = field(default=16 * 2**20)
    nesting: int = field(default=100)
    items: int = field(default=100_000)


_UNMOVED = Limits()
_LIMITS: ContextVar[Limits] = ContextVar("limits")


def limits() -> Limits:
    """The bounds that hold here."""
    return _LIMITS.get(_UNMOVED)


def move(**moved: int) -> None:
    """Let other bounds hold in this context from now on."""
    _LIMITS.set(replace(limits(), **moved))
