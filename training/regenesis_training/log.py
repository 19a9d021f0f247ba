"""What a training says: one JSON object a line on standard output and in metrics.jsonl, and nothing else there."""

import contextlib
import json
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

FILE = "metrics.jsonl"


@contextlib.contextmanager
def own_stdout() -> Iterator[TextIO]:
    """Standard output for our lines alone: what libraries print meanwhile goes to standard error."""
    sys.stdout.flush()
    real = os.dup(1)
    with open(os.dup(1), "w", encoding="utf-8") as ours:
        os.dup2(2, 1)
        try:
            yield ours
        finally:
            ours.flush()
            sys.stdout.flush()
            os.dup2(real, 1)
            os.close(real)


class Log:
    """Writes lines that begin with {"regenesis":. Of many processes only the first one writes, except for a failure."""

    def __init__(self, stdout: TextIO) -> None:
        """Lines go to `stdout`, and from when `folder` is set to its metrics.jsonl too."""
        self._stdout = stdout
        self.folder: Path | None = None
        self.is_first = os.environ.get("RANK", "0") == "0"

    def write(self, kind: str, every_process: bool = False, **values: object) -> None:
        """One line. Numbers that JSON does not know become null."""
        if not (self.is_first or every_process):
            return
        finite = {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in values.items()}
        line = json.dumps({"regenesis": kind, **finite}, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
        self._stdout.write(line)
        self._stdout.flush()
        if self.folder is not None:
            with open(self.folder / FILE, "a", encoding="utf-8") as file:
                file.write(line)
