"""Fine-tunes a model on an exported dataset: `python train.py --help`, and README.md beside this file."""

import argparse
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from regenesis_training.config import RefusalError, load_settings
from regenesis_training.data import read_rows
from regenesis_training.labels import Labeller, load_tokenizer
from regenesis_training.log import Log, own_stdout


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RefusalError("bad-usage", message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="train.py", description="Fine-tunes a model on a dataset that ReGenesis Workbench exported.")
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="settings as YAML, such as presets/paper-full.yaml")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help="JSON lines to train on")
    parser.add_argument("--eval-data", type=Path, metavar="FILE", help="JSON lines to measure the loss on meanwhile")
    parser.add_argument("--model", required=True, metavar="MODEL", help="a folder, or a name on the Hugging Face Hub")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where checkpoints, metrics.jsonl and the model go")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting that wins over the file; may be given again")
    parser.add_argument("--on-too-long", choices=("drop", "cut", "fail"), help="what to do with rows of more than max_length tokens")
    parser.add_argument("--resume", action="store_true", help="go on from the latest checkpoint in the folder, or begin where there is none")
    parser.add_argument("--show-labels", type=int, metavar="N", help="print what is trained on of the first N rows, and do no more")
    return parser


def _work(options: argparse.Namespace, log: Log, stdout: TextIO) -> None:
    settings = load_settings(options.config, [*options.set, *([f"on_too_long={options.on_too_long}"] if options.on_too_long else [])])
    if options.show_labels is not None:
        labeller = Labeller(load_tokenizer(options.model, settings), settings)
        examples = labeller.all(read_rows(options.data, settings.method))
        shown = [labeller.text(example.trained) for row in examples.rows[: options.show_labels] for example in row]
        print("\n\n".join(shown), file=stdout)
        return
    if options.output is None:
        raise RefusalError("bad-usage", "--output is needed, or --show-labels.")
    from regenesis_training.run import Job, train  # torch takes seconds to load: only where it is needed

    train(Job(settings, options.model, options.data, options.eval_data, options.output, options.resume), log)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the model is saved, 2 when something has to be changed first, 1 for any other failure. A failure is also the last line."""
    signal.signal(signal.SIGTERM, _stop)
    with own_stdout() as stdout:
        log = Log(stdout)
        try:
            _work(_parser().parse_args(arguments), log, stdout)
            return 0
        except RefusalError as refusal:
            log.write("failed", reason=refusal.reason, message=str(refusal))
            return 2
        except KeyboardInterrupt:
            log.write("failed", reason="stopped", message="The training was stopped. With checkpoints, --resume goes on from the latest.")
        except Exception as error:
            traceback.print_exc()
            out_of_memory = isinstance(error, MemoryError) or any(words in str(error).lower() for words in ("out of memory", "allocate memory"))
            advice = " Lower batch_per_device (the batch stays as it is), or max_length; or train an adapter." if out_of_memory else ""
            log.write("failed", every_process=True, reason="out-of-memory" if out_of_memory else "error", message=f"{type(error).__name__}: {error}.{advice}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
