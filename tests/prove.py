"""Runs the tests that are proofs of nets of the zoo, and puts what came out on `docs/zoo.md`.

``python tests/prove.py --only resnet`` does the rows of some nets anew, ``--proof step`` some
columns, ``--page`` writes the page alone.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import proofs
import pytest
from proofs import BACKENDS, PROOFS, Result

HOME = Path(__file__).parent
WIDTH = 30


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="nets, by a part")
    parser.add_argument("--proof", nargs="+", default=list(PROOFS), choices=PROOFS)
    parser.add_argument("--missing", action="store_true", help="what is not proved on record yet")
    parser.add_argument("--page", action="store_true", help="the page alone")
    parser.add_argument("--backend", nargs="+", default=list(BACKENDS), choices=BACKENDS)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Run what was asked for, each backend of Keras in a process of its own."""
    asked = arguments()
    if asked.here:
        return pytest.main(
            [str(HOME), "-p", "no:terminal", "-m", "proves"], plugins=[Recorder(asked)]
        )
    worst = 0
    for backend in () if asked.page else asked.backend:
        command = [sys.executable, __file__, "--here", "--backend", backend]
        command += ["--proof", *asked.proof, *(["--only", *asked.only] if asked.only else [])]
        command += ["--missing"] if asked.missing else []
        environment = {**os.environ, "KERAS_BACKEND": backend}
        worst = max(worst, subprocess.run(command, env=environment, check=False).returncode)
    proofs.PAGE.write_text(proofs.page(proofs.read()), encoding="utf-8")
    return worst


class Recorder:
    """Chooses the tests that are asked for, and keeps what comes out of each at once."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        (self.backend,) = asked.backend
        self.done = self.all = 0
        self.before = proofs.read()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the proofs of the nets that were asked for."""
        items[:] = [item for item in items if any(self.wanted(item))]
        self.all = len(items)

    def wanted(self, item: pytest.Item) -> Iterator[str]:
        """The proofs that an item gives and that are asked for; those that have nothing to do
        with Keras's backend are had with the first."""
        marker, entry = item.get_closest_marker("proves"), net_of(item)
        for name in marker.args if marker and entry else ():
            first = PROOFS[name].backends or self.backend == BACKENDS[0]
            chosen = name in self.asked.proof and proofs.only(self.asked.only, entry)
            if first and chosen and not (self.asked.missing and self.had(entry, name)):
                yield name

    def had(self, entry: Any, name: str) -> bool:
        """Whether a proof was on record before, and did not fail."""
        backend = self.backend if PROOFS[name].backends else ""
        found = self.before.get((entry.spec, entry.net, name, backend))
        return found is not None and found.outcome != "failed"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Any:
        """Keep what came of a test."""
        report: pytest.TestReport = yield
        if report.when == "call" or report.outcome != "passed":
            self.keep(item, report)
        return report

    def keep(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Put the result of each of its proofs on record."""
        results, entry = proofs.read(), net_of(item)
        apart = dict(report.user_properties)
        for name in self.wanted(item):
            outcome = "proved" if name in apart else OUTCOMES[report.outcome]
            result = Result(
                spec=entry.spec,
                net=entry.net,
                proof=name,
                backend=self.backend if PROOFS[name].backends else "",
                outcome=outcome,
                apart=f"{apart[name]:.0e}" if name in apart else "",
                why="" if outcome == "proved" else why(report),
            )
            results[proofs.key(result)] = result
        proofs.write(results)
        self.done += 1
        self.tell(item, report)

    def tell(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """Show how far it is, and name what failed."""
        bar = "█" * (WIDTH * self.done // self.all)
        end = "\n" if report.failed or self.done == self.all else ""
        text = f"{self.backend} {bar:░<{WIDTH}} {self.done}/{self.all} {item.name[-60:]:60}"
        print(f"\r{text}{' FAILED' if report.failed else ''}", end=end, flush=True)


OUTCOMES = {"passed": "proved", "failed": "failed", "skipped": "cannot"}


def net_of(item: pytest.Item) -> Any:
    """The row or entry that a test is about."""
    call = getattr(item, "callspec", None)
    values = call.params.values() if call else ()
    return next(
        (value for value in values if hasattr(value, "spec") and hasattr(value, "net")), None
    )


def why(report: pytest.TestReport) -> str:
    """Why a test was skipped, or the end of what it failed with."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
