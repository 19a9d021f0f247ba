"""Follows a training for its log."""

import math
import os
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from .log import Log


def let_others_read(folder: Path) -> None:
    """Gives weights the rights of any new file. They are written for their owner alone, and a server may run as another user."""
    mask = os.umask(0)
    os.umask(mask)
    for file in folder.rglob("*.safetensors"):
        file.chmod(0o666 & ~mask)


class Metrics(TrainerCallback):
    """Follows a training and writes it down."""

    def __init__(self, log: Log, start: dict[str, Any]) -> None:
        """`start` is what is known before the number of steps is."""
        self._log = log
        self._start = start
        self._began = self._seconds = 0.0
        self._timed = 0
        self.loss: float | None = None
        """The latest one that was logged."""

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Writes how long it will be."""
        self._log.write("start", **self._start, steps=state.max_steps)

    def on_step_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Starts the watch."""
        self._began = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Stops the watch: evaluating and saving are no part of a step."""
        self._seconds += time.monotonic() - self._began
        self._timed += 1

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """Writes a step."""
        if logs is None or "loss" not in logs:
            return
        self.loss = float(logs["loss"])
        norm = logs.get("grad_norm")
        self._log.write(
            "step",
            step=state.global_step,
            steps=state.max_steps,
            epoch=float(state.epoch or 0),
            loss=self.loss,
            learningRate=float(logs["learning_rate"]),
            gradNorm=None if norm is None else float(norm),
            secondsPerStep=self._seconds / max(1, self._timed),
        )
        self._seconds, self._timed = 0.0, 0

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metrics: dict[str, float] | None = None, **_: Any) -> None:
        """Writes the loss on rows that are not trained on."""
        self._log.write("evaluation", step=state.global_step, loss=float((metrics or {}).get("eval_loss", math.nan)))

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Writes where a checkpoint is."""
        path = Path(args.output_dir or ".") / f"checkpoint-{state.global_step}"
        if state.is_world_process_zero:
            let_others_read(path)
        self._log.write("checkpoint", step=state.global_step, path=str(path))
