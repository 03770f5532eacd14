"""What a command line may say: parsing, `--help` and shell completion all read these records."""

from netwright.record import field, record


class Usage(Exception):
    """A command line that cannot be meant: exit code 2."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@record
class Option:
    """``--name``, with its line of help. A flag has no ``value``; ``words`` are all it may be."""

    name: str
    doc: str
    value: str = field(default="")
    words: tuple[str, ...] = field(default=())
    short: str = field(default="")
    repeats: bool = field(default=False)


@record
class Command:
    """A command: its operands as the help shows them, and how many it takes (none: any number).

    ``examples`` are pairs of a command line and what it is for.
    """

    name: str
    summary: str
    operands: str
    examples: tuple[tuple[str, str], ...]
    options: tuple[Option, ...] = field(default=())
    about: str = field(default="")
    least: int = field(default=1)
    most: int | None = field(default=None)
    words: tuple[str, ...] = field(default=())


class Given:
    """A command line as it was understood: operands, and the values of each option."""

    __slots__ = ("operands", "options")

    def __init__(self, operands: tuple[str, ...], options: dict[str, tuple[str, ...]]) -> None:
        self.operands = operands
        self.options = options

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self.options

    def last(self, name: str, otherwise: str = "") -> str:
        """The value of an option; of one that was given twice, the last."""
        return self.options[name][-1] if name in self.options else otherwise

    def every(self, name: str) -> tuple[str, ...]:
        """All values of an option, in their order."""
        return self.options.get(name, ())


FORMATS = ("text", "json", "sarif", "github")

COMMON = (
    Option("format", "how diagnostics are written", "FORMAT", words=FORMATS),
    Option("color", "colours: on a terminal, always or never", "WHEN", ("auto", "always", "never")),
    Option("quiet", "print diagnostics and what was asked for, nothing else", short="q"),
    Option("help", "show this help", short="h"),
)
NET = Option("net", "only this net", "NAME", repeats=True)
SET = Option("set", "a value for a parameter of the nets", "NAME=VALUE", repeats=True)
BOUNDS = (
    Option("max-layers", "the most layers that a net may have", "N"),
    Option("max-work", "the most steps that a check may take", "N"),
    Option("max-bytes", "the most bytes of a file", "N"),
    Option("max-nesting", "the most brackets, or calls, in one another", "N"),
    Option("max-items", "the most items of a list", "N"),
)
