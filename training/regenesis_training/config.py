"""Settings of a training: read from YAML and from the command line, refused where they are not understood."""

import dataclasses
import difflib
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import yaml


class RefusalError(Exception):
    """Something that the user has to change before a training can begin."""

    def __init__(self, reason: str, message: str) -> None:
        """`reason` is a code for programs, `message` a sentence for people."""
        super().__init__(message)
        self.reason = reason


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything that a configuration file may say. Defaults are those of TRL where no preset says otherwise."""

    method: Literal["sft", "kto", "dpo"] = "sft"
    adapter: Literal["none", "lora"] = "none"
    lora_rank: int = 16
    lora_alpha: int = 32
    lora_dropout: float = 0.0
    lora_targets: str = "all-linear"
    """Names of modules, separated by commas, or `all-linear`."""
    epochs: float = 3.0
    max_steps: int = 0
    """Ends a training early; 0 for as many steps as the epochs take."""
    batch: int = 64
    """Rows in one update of the weights, over all processes."""
    batch_per_device: int = 8
    """Rows that one device holds at once. How often it does so before an update is computed from `batch`."""
    learning_rate: float = 1e-6
    schedule: Literal["cosine", "linear", "constant_with_warmup"] = "cosine"
    warmup: float = 0.03
    """Part of all steps, or a number of steps from 1 on."""
    weight_decay: float = 0.0
    max_gradient_norm: float = 1.0
    beta: float = 0.1
    """KTO and DPO: how closely to stay with the model that the training began from."""
    desirable_weight: float = 1.0
    undesirable_weight: float = 1.0
    max_length: int = 10240
    """Tokens of prompt and completion together."""
    on_too_long: Literal["drop", "cut", "fail"] = "drop"
    precision: Literal["bf16", "fp32"] = "bf16"
    gradient_checkpointing: bool = True
    chat_template: str = ""
    """A Jinja file that takes the place of the tokenizer's template."""
    logging_steps: int = 1
    save_steps: int = 0
    """A checkpoint every so many steps; 0 for none."""
    keep_checkpoints: int = 1
    evaluate_steps: int = 100
    """With rows for validation, their loss is measured every so many steps, and at the end."""
    seed: int = 0


_HINTS = typing.get_type_hints(Settings)


def load_settings(file: Path, changes: Sequence[str] = ()) -> Settings:
    """Reads a YAML file; `changes` are `key=value` and win over it."""
    try:
        read = _parsed(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise RefusalError("bad-config", f"{file} cannot be read: {error}") from None
    if read is not None and not isinstance(read, dict):
        raise RefusalError("bad-config", f"{file} is no list of settings, one `key: value` a line.")
    values: dict[str, Any] = {str(key): _checked(str(key), value, str(file)) for key, value in (read or {}).items()}
    for change in changes:
        key, equals, text = change.partition("=")
        if equals == "":
            raise RefusalError("bad-config", f"--set {change}: it takes key=value.")
        values[key] = _checked(key, _parsed(text, f"--set {key}"), "--set")
    return _sensible(Settings(**values))


def _parsed(text: str, where: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RefusalError("bad-config", f"{where} is no YAML: {error}") from None


def _checked(key: str, value: object, where: str) -> object:
    """A value as its setting wants it."""
    hint = _HINTS.get(key)
    if hint is None:
        near = difflib.get_close_matches(key, _HINTS, n=1, cutoff=0.5)
        raise RefusalError("bad-config", f"{where}: there is no setting {key}" + (f"; is it {near[0]}?" if near else "."))
    choices = typing.get_args(hint)
    if choices:
        if value in choices:
            return value
        wanted = f"one of {', '.join(choices)}"
    elif hint is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)  # YAML takes 1e-6, without a point, for text
        except ValueError:
            wanted = "a number"
    elif type(value) is hint:
        return value
    else:
        wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}[hint]
    raise RefusalError("bad-config", f"{where}: {key} is {wanted}, not {value!r}.")


def _sensible(settings: Settings) -> Settings:
    """Refuses numbers with which no training can be done."""
    least = {"lora_rank": 1, "lora_alpha": 1, "batch": 1, "batch_per_device": 1, "max_length": 2, "logging_steps": 1, "keep_checkpoints": 1, "evaluate_steps": 1}
    for key in (field.name for field in dataclasses.fields(settings)):
        value = getattr(settings, key)
        if isinstance(value, int | float) and not value >= least.get(key, 0):
            raise RefusalError("bad-config", f"{key} is at least {least.get(key, 0)}, not {value}.")
    if settings.epochs == 0 and settings.max_steps == 0:
        raise RefusalError("bad-config", "epochs and max_steps are both 0: nothing would be trained.")
    if settings.method == "kto" and settings.batch_per_device < 2:
        raise RefusalError("bad-config", "KTO compares rows within a batch: batch_per_device is at least 2.")
    return settings


def accumulation(settings: Settings, processes: int) -> int:
    """How many batches each process takes before an update, so that the global batch is exactly what was asked for."""
    at_once = settings.batch_per_device * processes
    if settings.batch % at_once != 0:
        fitting = [size for size in range(1, settings.batch + 1) if settings.batch % (size * processes) == 0]
        advice = f"set batch_per_device to one of {', '.join(map(str, fitting))}" if fitting else f"set batch to a multiple of {processes}"
        raise RefusalError("bad-config", f"A batch of {settings.batch} cannot be made of {processes} processes with {settings.batch_per_device} rows each: {advice}.")
    return settings.batch // at_once
