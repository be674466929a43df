"""The command line. Every module of this package with `add_parser` is one command; a new file is a new command.

    def add_parser(subparsers) -> None      adds its parser and calls parser.set_defaults(run=run)
    def run(arguments) -> int | None        does it; 0 or None is success

A module imports what it needs inside `run`, so that `kesu up` need not load the whole program to read its own words.
A command that needs the database adds `installation.add_data_option(parser)` and calls `installation.attach(arguments)`
first: the database is then up and Django is ready. `Trouble` ends a command with its lines and exit code 1.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

from kesu.config.trouble import Trouble


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="kesu", description="Kesu 客诉：成文的制度就是程序")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}").add_parser(subparsers)
    arguments = parser.parse_args(words)
    try:
        return int(arguments.run(arguments) or 0)
    except Trouble as trouble:
        sys.stderr.write("\n".join(trouble.lines()) + "\n")
        return 1
    except KeyboardInterrupt:
        return 130
