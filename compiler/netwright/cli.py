"""The command `netwright`: from words to a command, and from what happens to an exit code."""

import gc
import sys
from collections.abc import Sequence
from contextvars import copy_context

from netwright.commands import NAMES, module
from netwright.commands.arguments import parse
from netwright.commands.console import Console
from netwright.commands.declare import Usage

ERRORS, MISUSE, OUR_FAULT, INTERRUPTED, PIPE_CLOSED = 1, 2, 70, 130, 141


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line and give its exit code; nothing but output ever comes out of here."""
    console = Console()
    if words is None:
        gc.set_threshold(100_000, 50, 100)  # a command ends before more would pay: a third faster
        words = sys.argv[1:]
    try:
        code = _run(words, console)
        console.flush()
        return code
    except Usage as misuse:
        console.complain(misuse.message, misuse.help)
        return MISUSE
    except BrokenPipeError:
        console.abandon()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        _apologise(error, console)
        return OUR_FAULT


def _run(words: Sequence[str], console: Console) -> int:
    if not words:
        from netwright.commands.help import overview

        console.err(overview())
        return MISUSE
    name, *rest = words
    if name in NAMES:
        found = module(name)
        given = parse(found.COMMAND, rest)
        if given.has("help"):
            from netwright.commands.help import page

            console.out(page(found.COMMAND))
            return 0
        console.choose(given)
        code: int = copy_context().run(found.run, given, console)  # bounds move in it alone
        return code
    return _no_command(name, rest, console)


def _no_command(name: str, rest: Sequence[str], console: Console) -> int:
    """What stands where a command would: a question about the program, or a mistake."""
    from netwright.commands.help import overview

    if name in ("--version", "-V"):
        from netwright import __version__

        console.out(f"netwright {__version__}\n")
        return 0
    if name in ("--help", "-h", "help"):
        if name == "help" and rest:
            return _run([rest[0], "--help"], console)
        console.out(overview())
        return 0
    from netwright.spelling import nearest

    if name.endswith(".net"):
        raise Usage(f"no command before `{name}`", f"`netwright check {name}`")
    kind = "option" if name.startswith("-") else "command"
    help = nearest(name, (*NAMES, "--version", "--help")) or f"the commands are {', '.join(NAMES)}"
    raise Usage(f"no {kind} `{name}`", help)


def _apologise(error: Exception, console: Console) -> None:
    """Say that the mistake is ours; the traceback only for those who asked for it."""
    import os

    if os.environ.get("NETWRIGHT_DEBUG"):
        import traceback

        console.err("".join(traceback.format_exception(error)))
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    console.complain(
        f"Netwright failed ({said[:500]})",
        "the mistake is ours: please report it, with the spec and the command; "
        "NETWRIGHT_DEBUG=1 shows where it happened",
    )
