"""The program as a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import DPO, END, SFT, TRAINING, make_tokenizer, path_of, write_rows

import train

TRAIN = [sys.executable, str(TRAINING / "train.py"), "--config", str(TRAINING / "presets/tiny.yaml")]


def started(*options: str | Path) -> "subprocess.CompletedProcess[str]":
    """Runs it from another folder than its own."""
    return subprocess.run([*TRAIN, *map(str, options)], capture_output=True, text=True, cwd="/")


def test_show_labels(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It prints exactly the path and the end token, and needs no more of the model than its tokenizer."""
    make_tokenizer().save_pretrained(tmp_path / "tokenizer")
    common: list[str | Path] = ["--model", tmp_path / "tokenizer", "--data", write_rows(tmp_path / "rows.jsonl", SFT)]
    assert started(*common, "--show-labels", "1").stdout == f"{path_of(0, 0)}{END}\n"
    for rows, options in ((SFT, ["--show-labels", "2"]), (DPO, ["--show-labels", "1", "--set", "method=dpo"])):
        data = str(write_rows(tmp_path / "rows.jsonl", rows))
        assert train.main([*TRAIN[2:], "--model", str(tmp_path / "tokenizer"), "--data", data, *options]) == 0
        assert capfd.readouterr().out == f"{path_of(0, 0)}{END}\n\n{path_of(0, 1)}{END}\n"


def test_failure(tmp_path: Path) -> None:
    """A failure before anything is loaded is the contract's line, and exit code 2."""
    done = started("--model", "m", "--data", tmp_path / "none.jsonl", "--output", tmp_path / "out", "--set", "epoch=3")
    assert done.returncode == 2
    assert json.loads(done.stdout) == {"regenesis": "failed", "reason": "bad-config", "message": "--set: there is no setting epoch; is it epochs?"}


def test_stop(tmp_path: Path, model: Path) -> None:
    """A scheduler's SIGTERM ends it with a line that says so."""
    options = ["--model", model, "--data", write_rows(tmp_path / "rows.jsonl", SFT), "--output", tmp_path / "out", "--set", "max_steps=1000000"]
    with subprocess.Popen([*TRAIN, *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        last: dict[str, Any] = json.loads(process.stdout.read().splitlines()[-1])
    assert [line["regenesis"] for line in lines] == ["start", "step", "step"]
    assert (process.returncode, last["reason"]) == (1, "stopped")


def test_two_processes(tmp_path: Path, model: Path) -> None:
    """Two processes make the same updates of the same global batch as one, and write each line once."""
    data = write_rows(tmp_path / "rows.jsonl", SFT)
    runs: dict[str, list[dict[str, Any]]] = {}
    for name, launcher in (("one", [sys.executable]), ("two", [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"])):
        options = ["--model", model, "--data", data, "--output", tmp_path / name, "--set", "max_steps=2"]
        done = subprocess.run([*launcher, *TRAIN[1:], *map(str, options)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        runs[name] = [json.loads(line) for line in done.stdout.splitlines()]
    one, two = runs["one"], runs["two"]
    assert [line["regenesis"] for line in two] == ["start", "step", "step", "done"]
    assert [round(line["loss"], 4) for line in two[1:3]] == [round(line["loss"], 4) for line in one[1:3]]


def test_what_libraries_print() -> None:
    """Standard output is ours alone, for libraries and for their processes; afterwards it is as it was."""
    program = """
import os
from regenesis_training.log import own_stdout
with own_stdout() as stdout:
    print("noise")
    os.system("echo noise")
    stdout.write("ours\\n")
print("after")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=TRAINING, env={"PYTHONUNBUFFERED": ""})
    assert (done.stdout, done.stderr) == ("ours\nafter\n", "noise\nnoise\n")
