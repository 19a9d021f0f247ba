"""Trainings of a few steps, from the command line's arguments to the saved model."""

import hashlib
import json
import math
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
import yaml
from accelerate import FullyShardedDataParallelPlugin
from conftest import DPO, END, KTO, MARKED, MESSAGES, PAD, SFT, TEXT, TRAINING, Outcome, Run, answered, asked, make_model, make_tokenizer, path_of, turn_template, write_rows
from peft import PeftModel
from safetensors.torch import load_file

from regenesis_training.config import load_settings
from regenesis_training.data import read_rows
from regenesis_training.labels import Labeller
from regenesis_training.run import Job, _dataset, _trainer

KINDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "start": {"method": str, "model": str, "rows": int, "droppedRows": int, "cutRows": int, "steps": int, "epochs": float, "batch": int, "trainableParameters": int},
    "step": {"step": int, "steps": int, "epoch": float, "loss": float, "learningRate": float, "gradNorm": (float, type(None)), "secondsPerStep": float},
    "evaluation": {"step": int, "loss": float},
    "checkpoint": {"step": int, "path": str},
    "done": {"steps": int, "loss": float, "seconds": float, "output": str, "weightsSha256": str},
}


def weights(outcome: Outcome) -> Any:
    """The tensors that were saved."""
    return load_file(next(outcome.output.glob("*.safetensors")))


def test_lines_of_a_training(run: Run, tmp_path: Path, model: Path) -> None:
    """Every line has exactly the fields of the contract, and the file beside the model the same lines."""
    held_out = write_rows(tmp_path / "held-out.jsonl", SFT[:4])
    outcome = run(SFT, "--eval-data", str(held_out), save_steps=2, evaluate_steps=4, epochs=2)
    assert [line["regenesis"] for line in outcome.lines] == ["start", "step", "step", "checkpoint", "step", "step", "evaluation", "checkpoint", "done"]
    for line in outcome.lines:
        fields = KINDS[line["regenesis"]]
        assert set(line) == {"regenesis", *fields}
        assert all(isinstance(line[name], kind) for name, kind in fields.items()), line
    start = outcome.lines[0]
    parameters = transformers.AutoModelForCausalLM.from_pretrained(model).num_parameters()
    assert start == {
        "regenesis": "start", "method": "sft", "model": str(model), "rows": 16, "droppedRows": 0, "cutRows": 0,
        "steps": 4, "epochs": 2.0, "batch": 8, "trainableParameters": parameters,
    }  # fmt: skip
    assert [line["step"] for line in outcome.of("step")] == [1, 2, 3, 4]
    assert [json.loads(line) for line in (outcome.output / "metrics.jsonl").read_text().splitlines()] == outcome.lines
    assert all(Path(line["path"]).is_dir() for line in outcome.of("checkpoint")[-1:])
    assert outcome.done["weightsSha256"] == hashlib.sha256((outcome.output / "model.safetensors").read_bytes()).hexdigest()


@pytest.mark.parametrize(("method", "rows"), [("sft", SFT), ("sft", MESSAGES), ("kto", KTO), ("dpo", DPO)], ids=["chat", "messages", "kto", "dpo"])
def test_rows_for_validation(run: Run, tmp_path: Path, method: str, rows: list[Any]) -> None:
    """Their loss is measured every so many steps and at the end, by every method, and they change nothing of what is learnt. A last batch may hold one row."""
    held_out = write_rows(tmp_path / "held-out.jsonl", rows[:5])
    alone = run(rows, output="alone", method=method, max_steps=5)
    assert alone.of("evaluation") == []
    outcome = run(rows, "--eval-data", str(held_out), output="often", method=method, max_steps=5, evaluate_steps=2)
    assert [line["step"] for line in outcome.of("evaluation")] == [2, 4, 5]
    assert outcome.done["weightsSha256"] == alone.done["weightsSha256"]
    losses = [line["loss"] for line in outcome.of("evaluation")]
    assert all(math.isfinite(loss) for loss in losses)
    assert method != "sft" or losses[-1] < losses[0]
    short = run(rows, "--eval-data", str(held_out), output="short", method=method, max_steps=5)
    assert [line["step"] for line in short.of("evaluation")] == [5]
    assert short.of("evaluation")[0]["loss"] == losses[-1]
    assert set(json.loads((outcome.output / "training.json").read_text())["data"]) == {"train", "evaluation"}


def test_rows_for_validation_that_are_too_long(run: Run, tmp_path: Path) -> None:
    """It is said that they are left out, and where none is left, of which file that is."""
    long = {"prompt": asked(1, 2), "completion": answered("x" * 600)}
    held_out = write_rows(tmp_path / "held-out.jsonl", [SFT[0], long])
    outcome = run(SFT, "--eval-data", str(held_out), max_steps=1, max_length=200)
    assert f"{held_out}, which is not trained on: of the rows longer than max_length, 1 left out and 0 cut." in outcome.beside
    assert outcome.lines[0]["droppedRows"] == 0
    none = run(SFT, "--eval-data", str(write_rows(held_out, [long])), output="none", max_steps=1, max_length=200)
    assert none.failed["message"] == f"None of the 1 rows of {held_out} is left: max_length is 200 tokens, and on_too_long is drop."


@pytest.mark.parametrize(("method", "rows"), [("sft", SFT), ("sft", MESSAGES), ("sft", TEXT), ("kto", KTO), ("dpo", DPO)], ids=["chat", "messages", "text", "kto", "dpo"])
def test_loss_goes_down(run: Run, method: str, rows: list[Any]) -> None:
    """Every format and method learns."""
    outcome = run(rows, method=method, epochs=20 if method == "sft" else 3)
    losses = [line["loss"] for line in outcome.of("step")]
    assert outcome.done["steps"] == len(losses)
    assert losses[-1] < losses[0] * (0.6 if method == "sft" else 0.99), losses


def test_what_was_learnt_is_the_path(run: Run) -> None:
    """A model that was trained on one row answers with its path and ends."""
    outcome = run(SFT[:1] * 8, epochs=150, logging_steps=50)
    tokenizer = transformers.AutoTokenizer.from_pretrained(outcome.output)
    trained = transformers.AutoModelForCausalLM.from_pretrained(outcome.output)
    asked = tokenizer.apply_chat_template(SFT[0]["prompt"], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    answer = trained.generate(**asked, max_new_tokens=100, do_sample=False)[0, asked["input_ids"].shape[1] :]
    assert tokenizer.decode(answer) == path_of(0, 0) + END


def test_batches_hold_the_labels(tmp_path: Path, model: Path) -> None:
    """What TRL's trainer is given to train on is what is shown, for every method."""
    tokenizer = make_tokenizer(MARKED)
    for method, rows in (("sft", SFT), ("kto", KTO), ("dpo", DPO)):
        settings = load_settings(TRAINING / "presets/tiny.yaml", [f"method={method}"])
        labeller = Labeller(tokenizer, settings)
        examples = labeller.all(read_rows(write_rows(tmp_path / "rows.jsonl", rows), method))
        job = Job(settings, str(model), tmp_path / "rows.jsonl", None, tmp_path / "out", resume=False)
        trainer = _trainer(job, tokenizer, _dataset(settings, examples), None, 2)
        seen = []
        for batch in trainer.get_train_dataloader():
            masks = batch["labels"] != -100 if method == "sft" else batch["completion_mask"] == 1
            seen += [labeller.text(ids[mask].numpy()) for ids, mask in zip(batch["input_ids"], masks, strict=True)]
        assert sorted(seen) == sorted(labeller.text(example.trained) for row in examples.rows for example in row)
        assert all(text.count(END) == 1 and text.endswith(END) for text in seen)


def test_kto_batches(tmp_path: Path) -> None:
    """KTO, which takes rows in their order, gets them shuffled; and its distance is measured on the other answers of the same batch."""
    settings = load_settings(TRAINING / "presets/tiny.yaml", ["method=kto"])
    examples = Labeller(make_tokenizer(), settings).all(read_rows(write_rows(tmp_path / "rows.jsonl", KTO), "kto"))
    rows = _dataset(settings, examples)
    labels = {tuple(answer): label for answer, label in zip(rows["completion_ids"], rows["label"], strict=True)}
    assert labels[tuple(examples.rows[0][0].halves[1].tolist())] is True
    assert rows["label"][:] != [row["label"] for row in KTO]
    for at in range(0, len(KTO), settings.batch_per_device):
        batch = rows[at : at + settings.batch_per_device]
        assert sorted(batch["KL_completion_ids"]) == sorted(batch["completion_ids"])
        assert batch["KL_completion_ids"][1:] == batch["completion_ids"][:-1]


def test_precision(run: Run, tmp_path: Path) -> None:
    """Weights that are trained are kept in 32 bits, whatever they were before: small steps would be lost."""
    base = make_model(tmp_path / "base", make_tokenizer())
    transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16).save_pretrained(base)
    for adapter in ("none", "lora"):
        outcome = run(SFT, model=base, output=adapter, adapter=adapter, precision="bf16", max_steps=2)
        assert {tensor.dtype for tensor in weights(outcome).values()} == {torch.float32}


def test_resume(run: Run) -> None:
    """A training that goes on from its checkpoint ends with the weights of one that was never stopped."""
    whole = run(SFT, output="whole", max_steps=6)
    first = run(SFT, save_steps=3, keep_checkpoints=9, max_steps=6)
    assert first.done["weightsSha256"] == whole.done["weightsSha256"]
    for name in ("checkpoint-6/trainer_state.json", "model.safetensors"):  # as if it had been killed while it wrote the second checkpoint
        (first.output / name).unlink()
    resumed = run(SFT, "--resume", save_steps=3, keep_checkpoints=9, max_steps=6)
    assert [line["step"] for line in resumed.of("step")] == [4, 5, 6]
    assert resumed.done["weightsSha256"] == whole.done["weightsSha256"]
    assert run(SFT, "--resume", output="new", max_steps=1).done["steps"] == 1


def test_earlier_work_is_kept(run: Run) -> None:
    """A folder that holds a model is not written over, nor gone on with on other data."""
    first = run(SFT, max_steps=1)
    before = {file: file.read_bytes() for file in first.output.iterdir() if file.is_file()}
    assert run(SFT, max_steps=1).failed["reason"] == "bad-config"
    assert run(TEXT, "--resume", max_steps=1).failed["reason"] == "bad-data"
    assert {file: file.read_bytes() for file in first.output.iterdir() if file.is_file()} == before


def test_seed(run: Run) -> None:
    """The same seed gives the same weights, another one others."""
    hashes = [run(SFT, output=f"{number}", max_steps=3, seed=seed).done["weightsSha256"] for number, seed in enumerate((1, 1, 2))]
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(("method", "rows"), [("sft", SFT), ("kto", KTO), ("dpo", DPO)])
def test_lora(run: Run, model: Path, method: str, rows: list[Any]) -> None:
    """An adapter alone is trained and saved, and changes what the model says."""
    outcome = run(rows, method=method, adapter="lora", lora_rank=4, max_steps=3)
    assert sorted(file.name for file in outcome.output.glob("*.safetensors")) == ["adapter_model.safetensors"]
    assert outcome.done["weightsSha256"] == hashlib.sha256((outcome.output / "adapter_model.safetensors").read_bytes()).hexdigest()
    assert outcome.lines[0]["trainableParameters"] == sum(tensor.numel() for tensor in weights(outcome).values())
    base = transformers.AutoModelForCausalLM.from_pretrained(model)
    ids = torch.tensor([[1, 2, 3]])
    before = base(ids).logits
    assert not torch.equal(PeftModel.from_pretrained(base, outcome.output)(ids).logits, before)


def test_presets_train(run: Run) -> None:
    """The presets of adapters run as they are, but for the processor: rank, schedule and all."""
    for config, rows in (("lora", SFT), ("kto", KTO), ("dpo", DPO)):
        run(rows, config=config, output=config, precision="fp32", batch=8, max_steps=1).done  # noqa: B018


def test_too_long_rows_are_reported(run: Run) -> None:
    """What was dropped and cut stands in the first line."""
    rows = [*SFT, {"prompt": SFT[0]["prompt"], "completion": [{"role": "assistant", "content": "x" * 300}]}]
    start = run(rows, output="drop", max_steps=1).lines[0]
    assert (start["rows"], start["droppedRows"], start["cutRows"]) == (16, 1, 0)
    start = run(rows, "--on-too-long", "cut", output="cut", max_steps=1).lines[0]
    assert (start["rows"], start["droppedRows"], start["cutRows"]) == (17, 0, 1)
    assert "train.jsonl:17: " in run(rows, "--on-too-long", "fail", output="fail", max_steps=1).failed["message"]


@pytest.mark.parametrize("pad", [PAD, None])
def test_tokens_stay(run: Run, tmp_path: Path, pad: str | None) -> None:
    """No token is added: an existing pad token is kept, and where there is none the end token pads without being lost as a label."""
    tokenizer = make_tokenizer(MARKED, pad)
    base = make_model(tmp_path / "base", tokenizer)
    outcome = run(SFT, model=base, max_steps=2)
    saved = transformers.AutoTokenizer.from_pretrained(outcome.output)
    assert (saved.pad_token, saved.eos_token, len(saved)) == (pad or END, END, len(tokenizer))
    assert weights(outcome)["model.embed_tokens.weight"].shape == load_file(base / "model.safetensors")["model.embed_tokens.weight"].shape


def test_generation_ends_where_it_was_trained_to(run: Run, tmp_path: Path) -> None:
    """A template that ends turns with another token than the tokenizer's end token leaves a model that stops at both."""
    tokenizer = make_tokenizer(turn_template("{{- message['content'] + '<|im_end|>' }}"))
    tokenizer.eos_token = PAD
    outcome = run(SFT, model=make_model(tmp_path / "base", tokenizer), max_steps=1)
    ends = json.loads((outcome.output / "generation_config.json").read_text())["eos_token_id"]
    assert set(ends) == set(tokenizer.convert_tokens_to_ids([PAD, END]))


def test_others_can_read(run: Run) -> None:
    """Weights have the rights of any new file, in checkpoints too."""
    before = os.umask(0o022)
    try:
        outcome = run(SFT, save_steps=1, max_steps=1)
    finally:
        os.umask(before)
    files = list(outcome.output.rglob("*.safetensors"))
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o644, 0o644]


@pytest.mark.parametrize("architecture", ["Mistral", "Qwen2", "Gemma2"])
def test_fsdp_shares_out_the_layers_of_any_model(monkeypatch: pytest.MonkeyPatch, architecture: str) -> None:
    """fsdp.yaml, handed on as accelerate does, wraps the layers that a model's own class names."""
    for key, value in yaml.safe_load((TRAINING / "fsdp.yaml").read_text())["fsdp_config"].items():
        monkeypatch.setenv(key.upper(), str(value))
    size = {
        "vocab_size": 64,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "pad_token_id": 0,
    }
    model = transformers.AutoModelForCausalLM.from_config(getattr(transformers, f"{architecture}Config")(**size))
    plugin = FullyShardedDataParallelPlugin()
    plugin.set_auto_wrap_policy(model)
    assert [layer.__name__ for layer in plugin.auto_wrap_policy.keywords["transformer_layer_cls"]] == [f"{architecture}DecoderLayer"]


def test_failures(run: Run, tmp_path: Path) -> None:
    """A failure is one line with a code, and the exit code tells what has to be changed from what went wrong."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}\n")
    empty = shutil.copytree(make_model(tmp_path / "base", make_tokenizer()), tmp_path / "empty")
    (empty / "model.safetensors").unlink()
    expected: list[tuple[Outcome, int, str]] = [
        (run(SFT, rank=1), 2, "bad-config"),
        (run(SFT, batch=7), 2, "bad-config"),
        (run(SFT, "--nonsense"), 2, "bad-usage"),
        (run(bad), 2, "bad-data"),
        (run(SFT, model=tmp_path / "nowhere"), 2, "bad-model"),
        (run(SFT, model=empty), 2, "bad-model"),
        (run(SFT, adapter="lora", lora_targets="nonsense"), 2, "bad-model"),
        (run(SFT, adapter="lora", lora_rank=10**12), 1, "out-of-memory"),  # 60 TB
    ]
    for outcome, code, reason in expected:
        assert (outcome.code, outcome.failed["reason"]) == (code, reason), outcome.lines
        assert outcome.of("failed") == [outcome.failed]
        assert set(outcome.failed) == {"regenesis", "reason", "message"}


def test_numbers_that_json_does_not_know(run: Run) -> None:
    """A loss that is no number any more becomes null."""
    outcome = run(SFT, learning_rate=1e30, max_gradient_norm=1e30, max_steps=4, warmup=0)
    assert None in [line["loss"] for line in outcome.of("step")], outcome.lines
