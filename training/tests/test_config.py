"""Settings and data that cannot be meant so are refused in a sentence that says what to change."""

from pathlib import Path

import pytest
import yaml
from conftest import TRAINING

from regenesis_training.config import RefusalError, Settings, accumulation, load_settings
from regenesis_training.data import read_rows

PRESETS = sorted((TRAINING / "presets").glob("*.yaml"))


@pytest.mark.parametrize("file", PRESETS, ids=lambda file: file.stem)
def test_presets(file: Path) -> None:
    """Every preset is understood, and its batch can be met by one process and by eight or fewer."""
    settings = load_settings(file)
    assert accumulation(settings, 1) * settings.batch_per_device == settings.batch
    assert any(settings.batch % (settings.batch_per_device * processes) == 0 for processes in (2, 4, 8))


def test_paper_numbers() -> None:
    """The preset of the paper says what was reported."""
    settings = load_settings(TRAINING / "presets/paper-full.yaml")
    assert (settings.epochs, settings.learning_rate, settings.schedule, settings.warmup, settings.batch, settings.max_length) == (3, 1e-6, "cosine", 0.03, 64, 10240)
    assert accumulation(settings, 8) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("learning_rat=1", "--set: there is no setting learning_rat; is it learning_rate?"),
        ("colour=red", "--set: there is no setting colour."),
        ("method=ppo", "--set: method is one of sft, kto, dpo, not 'ppo'."),
        ("epochs=many", "--set: epochs is a number, not 'many'."),
        ("batch=1.5", "--set: batch is a whole number, not 1.5."),
        ("gradient_checkpointing=1", "--set: gradient_checkpointing is true or false, not 1."),
        ("batch=true", "--set: batch is a whole number, not True."),
        ("batch=0", "batch is at least 1, not 0."),
        ("learning_rate=-1", "learning_rate is at least 0, not -1.0."),
        ("learning_rate=.nan", "learning_rate is at least 0, not nan."),
        ("epochs=0", "epochs and max_steps are both 0: nothing would be trained."),
        ("epochs", "--set epochs: it takes key=value."),
        (
            "epochs=[",
            "--set epochs is no YAML: while parsing a flow node\nexpected the node content, but found '<stream end>'\n  in \"<unicode string>\", line 1, column 2:\n    [\n     ^",
        ),
    ],
)
def test_refused(change: str, message: str) -> None:
    """What is wrong with a setting."""
    with pytest.raises(RefusalError) as refusal:
        load_settings(TRAINING / "presets/tiny.yaml", [change])
    assert (str(refusal.value), refusal.value.reason) == (message, "bad-config")


def test_exponents(tmp_path: Path) -> None:
    """A number that YAML takes for text is a number."""
    file = tmp_path / "a.yaml"
    file.write_text("learning_rate: 1e-6\n")
    assert load_settings(file).learning_rate == 1e-6
    assert load_settings(file, ["learning_rate=2e-5"]).learning_rate == 2e-5


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", None])
def test_files_that_are_no_settings(tmp_path: Path, text: str | None) -> None:
    """A list, broken YAML, no file."""
    file = tmp_path / "a.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(RefusalError, match=r"a\.yaml"):
        load_settings(file)


def test_batch() -> None:
    """The global batch is met exactly, or refused with what would do."""
    settings = Settings(batch=64, batch_per_device=8)
    assert [accumulation(settings, processes) for processes in (1, 2, 4, 8)] == [8, 4, 2, 1]
    with pytest.raises(RefusalError, match="16 processes with 8 rows each: set batch_per_device to one of 1, 2, 4"):
        accumulation(settings, 16)
    with pytest.raises(RefusalError, match="3 processes with 8 rows each: set batch to a multiple of 3"):
        accumulation(settings, 3)


@pytest.mark.parametrize(
    ("method", "line", "message"),
    [
        ("sft", "{", "this is no JSON"),
        ("sft", "[]", "a row is a JSON object"),
        ("sft", "{}", "sft is trained on messages, or prompt and completion, and this row has nothing"),
        ("sft", '{"prompt":"a","completion":"b","label":true}', "this row has prompt, completion, label. Export the dataset in that form"),
        ("sft", '{"conversations":[]}', "this row has conversations"),
        ("sft", '{"prompt":"a","completion":" "}', "completion is text or a list of messages, and not blank"),
        ("sft", '{"prompt":"a","completion":[{"role":"assistant","content":"b"}]}', "either both text or both messages"),
        ("sft", '{"messages":[]}', "messages is a list of messages"),
        ("sft", '{"messages":[{"role":"user","content":"a"}]}', "the last message is the assistant's, not the user's"),
        ("sft", '{"messages":[{"role":"human","content":"a"}]}', "a message has a role"),
        ("sft", '{"messages":[{"role":"assistant","content":""}]}', "content that is not blank"),
        ("sft", '{"prompt":[{"role":"assistant","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}', "the last message is the user's"),
        ("kto", '{"prompt":"a","completion":"b"}', "kto is trained on prompt and completion and label"),
        ("kto", '{"prompt":"a","completion":"b","label":1}', "label is true or false"),
        ("dpo", '{"prompt":"a","chosen":"b"}', "dpo is trained on prompt and chosen and rejected"),
    ],
)
def test_lines(tmp_path: Path, method: str, line: str, message: str) -> None:
    """A line that cannot be trained on is named by its file and number, blank lines counted."""
    good = {"sft": '{"prompt":"a","completion":"b"}', "kto": '{"prompt":"a","completion":"b","label":false}', "dpo": '{"prompt":"a","chosen":"b","rejected":"c"}'}[method]
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{good}\n\n{line}\n")
    with pytest.raises(RefusalError) as refusal:
        read_rows(file, method)
    assert str(refusal.value).startswith(f"{file}:3: ") or str(refusal.value).startswith(f"{file}:3:")
    assert message in str(refusal.value)
    assert refusal.value.reason == "bad-data"


@pytest.mark.parametrize(("content", "message"), [(b"\n \n", "holds no rows"), (b"\xff\n", "cannot be read"), (None, "cannot be read")])
def test_files(tmp_path: Path, content: bytes | None, message: str) -> None:
    """Nothing to train on."""
    file = tmp_path / "rows.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RefusalError, match=message):
        read_rows(file, "sft")


def test_line_separators_within_a_row(tmp_path: Path) -> None:
    """A character that only some take for a line break divides no row."""
    file = tmp_path / "rows.jsonl"
    file.write_text('{"prompt":"a\u2028b","completion":"c\x0bd\u0085"}\n'.replace("\x0b", "\\u000b"), encoding="utf-8")
    assert [row.prompt for row in read_rows(file, "sft")] == ["a\u2028b"]


def test_every_number_of_a_preset_has_its_source() -> None:
    """A reader can tell what is the paper's and what is ours."""
    for file in PRESETS:
        if file.stem == "tiny":
            continue
        for line in file.read_text().splitlines():
            key, _, value = line.partition(":")
            if key and not line.startswith("#") and isinstance(yaml.safe_load(value), int | float) and not isinstance(yaml.safe_load(value), bool):
                assert "#" in line or key == "undesirable_weight", f"{file.name}: {line}"
