"""From rows to a trained model, by TRL's trainers."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import datasets
import numpy
import torch
import transformers
from datasets import Dataset
from peft import LoraConfig
from transformers import PrinterCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from .config import RefusalError, Settings, accumulation
from .data import read_rows
from .labels import Examples, Labeller, Tokenizer, load_tokenizer
from .log import FILE, Log
from .metrics import Metrics, let_others_read

RECORD = "training.json"
_PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")


@dataclass(frozen=True)
class Job:
    """What is trained, on what, and where to."""

    settings: Settings
    model: str
    data: Path
    eval_data: Path | None
    output: Path
    resume: bool


class _Kto(KTOTrainer):
    """KTO on rows that are tokenized already."""

    def _prepare_dataset(self, dataset: Dataset, *_: Any) -> Dataset:
        return dataset


class _Dpo(DPOTrainer):
    """DPO on rows that are tokenized already."""

    def _prepare_dataset(self, dataset: Dataset, *_: Any) -> Dataset:
        return dataset


def train(job: Job, log: Log) -> None:
    """Trains, saves the model or adapter with its tokenizer in the output folder, and writes the lines of it."""
    settings, output = job.settings, job.output
    checkpoint = _claim(job, log)
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    repeats = accumulation(settings, processes)
    tokenizer = load_tokenizer(job.model, settings)
    datasets.disable_progress_bars()
    transformers.utils.logging.disable_progress_bar()
    labeller = Labeller(tokenizer, settings)
    examples = labeller.all(read_rows(job.data, settings.method))
    evaluation = None if job.eval_data is None else labeller.all(read_rows(job.eval_data, settings.method))
    if log.is_first:
        if evaluation is not None and evaluation.dropped + evaluation.cut > 0:
            print(f"{job.eval_data}, which is not trained on: of the rows longer than max_length, {evaluation.dropped} left out and {evaluation.cut} cut.", file=sys.stderr)
        (output / RECORD).write_text(json.dumps(_record(job, processes), indent=2) + "\n", encoding="utf-8")
    trainer = _trainer(job, tokenizer, _dataset(settings, examples), None if evaluation is None else _dataset(settings, evaluation), repeats)
    _end_where_trained(trainer, examples)
    trained = sum(parameter.numel() for parameter in trainer.model.parameters() if parameter.requires_grad)
    counts = {"rows": len(examples.rows), "droppedRows": examples.dropped, "cutRows": examples.cut}
    metrics = Metrics(log, {"method": settings.method, "model": job.model, **counts, "epochs": settings.epochs, "batch": settings.batch, "trainableParameters": trained})
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(metrics)
    began = time.monotonic()
    trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
    seconds = time.monotonic() - began
    if trainer.is_fsdp_enabled:
        trainer.accelerator.state.fsdp_plugin.set_state_dict_type("FULL_STATE_DICT")
    trainer.save_model(str(output))
    if log.is_first:
        let_others_read(output)
        log.write("done", steps=trainer.state.global_step, loss=metrics.loss, seconds=seconds, output=str(output.resolve()), weightsSha256=weights_sha256(output))


def weights_sha256(folder: Path) -> str:
    """Hash of all weight files of a model or adapter, one after the other in the order of their names."""
    return _sha256(sorted(folder.glob("*.safetensors")))


def _sha256(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with open(file, "rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()


def _record(job: Job, processes: int) -> dict[str, object]:
    """What would have to be the same for the same model to come out."""
    data = {name: _sha256([file]) for name, file in (("train", job.data), ("evaluation", job.eval_data)) if file is not None}
    return {"model": job.model, "settings": asdict(job.settings), "processes": processes, "data": data, "versions": {name: version(name) for name in _PACKAGES}}


def _claim(job: Job, log: Log) -> Path | None:
    """Makes the folder ours, and finds the checkpoint to go on from if that is wanted. The work of an earlier training is never written over."""
    job.output.mkdir(parents=True, exist_ok=True)
    # the state is written last: without it, a checkpoint was not finished
    steps = [int(file.parent.name.removeprefix("checkpoint-")) for file in job.output.glob("checkpoint-*/trainer_state.json")]
    if not job.resume and (steps or any(job.output.glob("*.safetensors"))):
        raise RefusalError("bad-config", f"{job.output} holds an earlier training: say --resume to go on with it, or choose another folder.")
    if log.is_first:
        if job.resume and (record := job.output / RECORD).exists():
            known = json.loads(record.read_text(encoding="utf-8"))["data"]["train"]
            if known != _sha256([job.data]):
                raise RefusalError("bad-data", f"{job.data} is not what {job.output} was trained on: choose another folder.")
        if not steps:
            (job.output / FILE).unlink(missing_ok=True)
    log.folder = job.output
    return job.output / f"checkpoint-{max(steps)}" if steps else None


def _dataset(settings: Settings, examples: Examples) -> Dataset:
    """Columns as TRL's collators take them."""
    if settings.method == "sft":
        return Dataset.from_dict({"input_ids": [row[0].ids for row in examples.rows], "labels": [row[0].labels for row in examples.rows]})
    halves = [[example.halves for example in row] for row in examples.rows]
    if settings.method == "dpo":
        return Dataset.from_dict({"prompt_ids": [row[0][0] for row in halves], "chosen_ids": [row[0][1] for row in halves], "rejected_ids": [row[1][1] for row in halves]})
    # KTO takes rows in their order, which in an export is that of its tasks
    order = numpy.random.default_rng(settings.seed).permutation(len(halves)).tolist()
    answers, size = [halves[index][0][1] for index in order], settings.batch_per_device
    # and measures how far the model has moved on answers to other prompts of the same batch
    others = [answer for at in range(0, len(answers), size) for answer in (*answers[at : at + size][-1:], *answers[at : at + size][:-1])]
    return Dataset.from_dict(
        {"prompt_ids": [halves[index][0][0] for index in order], "completion_ids": answers, "KL_completion_ids": others, "label": [examples.labels[index] for index in order]}
    )


def _trainer(job: Job, tokenizer: Tokenizer, rows: Dataset, evaluation: Dataset | None, repeats: int) -> Any:
    settings = job.settings
    on_cpu = not (torch.cuda.is_available() or torch.backends.mps.is_available())
    # weights that are trained are kept in full precision: a step of 1e-6 is lost in bf16
    frozen_in_bf16 = settings.adapter == "lora" and settings.precision == "bf16"
    arguments: dict[str, Any] = {
        "output_dir": str(job.output),
        "num_train_epochs": settings.epochs,
        "max_steps": settings.max_steps or -1,
        "per_device_train_batch_size": settings.batch_per_device,
        "per_device_eval_batch_size": settings.batch_per_device,
        "gradient_accumulation_steps": repeats,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.schedule,
        "warmup_steps": settings.warmup,
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.max_gradient_norm,
        "max_length": None,  # rows have their length already
        "bf16": settings.precision == "bf16",
        "gradient_checkpointing": settings.gradient_checkpointing,
        "logging_steps": settings.logging_steps,
        "logging_nan_inf_filter": False,  # it would show a loss that is no number as 0
        "save_strategy": "steps" if settings.save_steps else "no",
        "save_steps": settings.save_steps or 500,
        "save_total_limit": settings.keep_checkpoints,
        "eval_strategy": "no" if evaluation is None else "steps",
        "eval_steps": settings.evaluate_steps,
        "seed": settings.seed,
        "data_seed": settings.seed,
        "report_to": "none",
        "disable_tqdm": True,
        "use_cpu": on_cpu,
        "dataloader_pin_memory": not on_cpu,
        "model_init_kwargs": {"dtype": "bfloat16" if frozen_in_bf16 else "float32"},
    }
    targets = settings.lora_targets if settings.lora_targets == "all-linear" else settings.lora_targets.split(",")
    lora = LoraConfig(r=settings.lora_rank, lora_alpha=settings.lora_alpha, lora_dropout=settings.lora_dropout, target_modules=targets, task_type="CAUSAL_LM")
    common = {"model": job.model, "train_dataset": rows, "eval_dataset": evaluation, "processing_class": tokenizer, "peft_config": lora if settings.adapter == "lora" else None}
    try:
        if settings.method == "kto":
            return _Kto(args=KTOConfig(**arguments, beta=settings.beta, desirable_weight=settings.desirable_weight, undesirable_weight=settings.undesirable_weight), **common)
        if settings.method == "dpo":
            return _Dpo(args=DPOConfig(**arguments, beta=settings.beta), **common)
        return SFTTrainer(args=SFTConfig(**arguments, dataset_kwargs={"skip_prepare_dataset": True}), **common)
    except (OSError, ValueError) as error:
        raise RefusalError("bad-model", f"{job.model} cannot be trained so: {error}") from error


def _end_where_trained(trainer: Any, examples: Examples) -> None:
    """Lets the saved model end where it learnt to: a chat template may end a turn with another token than the one that ends generation."""
    generation = trainer.model.generation_config
    ends = generation.eos_token_id if isinstance(generation.eos_token_id, list) else [generation.eos_token_id]
    learnt = int(examples.rows[0][0].trained[-1])
    if examples.cut == 0 and learnt not in ends:
        generation.eos_token_id = [end for end in ends if end is not None] + [learnt]
