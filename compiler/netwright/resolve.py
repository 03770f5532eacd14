"""Names, without running anything: what is called must exist, and take the arguments it is given."""

from netwright.diagnostics import Report
from netwright.program import Definition, Program


def resolve(program: Program, report: Report, broken: set[Definition]) -> None:
    """Report every name and argument that cannot be, in all definitions, called or not."""
