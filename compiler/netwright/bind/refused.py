"""A line that cannot be run, kept in the place of its layer for a picture of the net up to it."""

from typing import Any, ClassVar

from netwright.diagnostics import Diagnostic
from netwright.ops.base import Op, Role
from netwright.tensor import Tensor

NOTHING = Tensor((), ())


class Refused(Op):
    """What stands for a mistake in the steps of an instance that failed; it gives nothing."""

    name: ClassVar[str] = "error"
    role: ClassVar[Role] = Role.SHAPE
    paper: ClassVar[str] = ""
    params: ClassVar[dict[str, Any]] = {}

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and other.diagnostic == self.diagnostic

    def __hash__(self) -> int:
        return hash((self.diagnostic.code, self.diagnostic.span.start))
