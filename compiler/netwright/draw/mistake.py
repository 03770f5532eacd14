"""What the box of a mistake says: the line, what came in, and the message with what was wanted."""

from netwright.diagnostics import Diagnostic
from netwright.draw.metrics import MUTED, folded, shortened
from netwright.draw.sizes import LONGEST
from netwright.draw.wording import shape
from netwright.tensor import Tensor

MOST_LINES = 5  # of a message


def told(found: Diagnostic, came: tuple[Tensor, ...]) -> list[str]:
    """The lines under the title of the box."""
    lines = [found.span.source.line(found.span.line).strip()]
    if came:
        lines.append(f"came: {', '.join(map(shape, came))}")
    lines = [shortened(line, LONGEST, MUTED) for line in lines]
    return [*lines, *folded(found.message, LONGEST, MUTED, MOST_LINES)]


def whole(found: Diagnostic) -> str:
    """All that is known of a mistake, for a tooltip."""
    related = [f"line {other.span.line}: {other.message}" for other in found.related]
    help = [f"help: {found.help}"] if found.help else []
    return "\n".join([f"error: {found.message}", *related, *help])
