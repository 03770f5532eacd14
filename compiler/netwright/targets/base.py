"""What every target's file has: the program behind it, and the parts that a target writes."""

from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.freeze import Frozen
from netwright.instance import Instance
from netwright.lower.lowerer import Lowerer
from netwright.lower.model import Routine
from netwright.program import Definition
from netwright.record import record
from netwright.values import Partial


@record
class NetSpec:
    """A constructor to write: a net or variant that can be called without arguments.

    ``sizes`` say what its dynamic sizes must be.
    """

    name: str
    function: str
    doc: str
    definition: Definition
    routine: Routine
    given: tuple[tuple[str, syntax.Arg | None, Any], ...]
    open: tuple[syntax.Param, ...]
    instance: Instance
    sizes: tuple[str, ...]


class Refused(Exception):
    """A routine that a target cannot write in general."""

    def __init__(self, routine: Routine, span: Any) -> None:
        super().__init__(f"{routine.name}: {span.text if span else 'not general'}")
        self.routine = routine
        self.span = span


class Base:
    """The state of one emitted file, and what each target must say."""

    target = ""

    channels_first = True

    any_size = True  # whether a net's class takes other image sizes than the declared one

    params_word = "parameters"

    def __init__(
        self,
        lowerer: Lowerer,
        source: str,
        values: dict[Definition, list[dict[str, Any]]],
        settings: dict[str, Any],
        frozen: Frozen | None = None,
    ) -> None:
        self.lowerer = lowerer
        self.source = source
        self.used_values = values
        self.settings = settings
        self.frozen = frozen
        self.names: dict[int, str] = {}
        self.written: dict[int, Any] = {}
        self.helpers: dict[str, None] = {}
        self.foreign: dict[tuple[str, str], None] = {}  # modules and classes of `extern`s
        self.tops: dict[str, None] = {}
        self.public: list[str] = []
        self.taken: set[str] = set()

    def camel(self, routine: Routine) -> str:
        """The emitted name of a routine."""
        raise NotImplementedError

    def write_routine(self, routine: Routine) -> list[Any]:
        """The code of a routine."""
        raise NotImplementedError

    def constructor(self, net: NetSpec) -> list[Any]:
        """The code of a constructor."""
        raise NotImplementedError

    def imports(self, lines: Iterable[str]) -> list[str]:
        """The imports that the code uses."""
        raise NotImplementedError

    def preamble(self) -> list[Any]:
        """Initialisers and partials in front of the helpers."""
        return []

    def reference(self, value: Partial, render: Any, rank: int = 2) -> str:
        """A layer or block as a value; ``rank`` axes behind the channels are what it is for."""
        raise NotImplementedError

    def literal(self, value: Any, render: Any) -> str:
        """A value as Python."""
        raise NotImplementedError

    def use_top(self, key: str) -> None:
        """Note a constant or function of the spec that the code speaks of."""
        self.tops[key.removeprefix("file:")] = None

    def kind_text(self, routine: Routine, param: syntax.Param) -> str:
        """The type of a parameter."""
        raise NotImplementedError

    def docstring_lines(self, written: Any) -> list[str]:
        """Paragraphs of a class's docstring."""
        raise NotImplementedError
