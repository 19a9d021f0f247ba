"""A transformer of a few thousand parameters and its tokenizer, made on the spot, and a training that is started as a user starts it."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"  # threads that wait for each other on a busy machine take sixty times as long
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import datasets
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import train

datasets.disable_caching()

TRAINING = Path(__file__).parent.parent
END = "<|im_end|>"
PAD = "<|endoftext|>"
BOS = "<|begin|>"


def turn_template(answer: str, *, before_answer: str = "", bos: bool = False) -> str:
    """A chat template in ChatML's manner. `answer` is how an assistant's content is written, `before_answer` what comes between header and content."""
    return (
        ("{{- bos_token }}" if bos else "")
        + "{%- for message in messages %}{{- '<|im_start|>' + message['role'] + '\\n' }}"
        + "{%- if message['role'] == 'assistant' %}"
        + (f"{{{{- '{before_answer}' }}}}" if before_answer else "")
        + answer
        + "{%- else %}{{- message['content'] + '<|im_end|>' }}{%- endif %}{{- '\\n' }}{%- endfor %}"
        + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
    )


PLAIN = turn_template("{{- message['content'] + '<|im_end|>' }}")
MARKED = turn_template("{% generation %}{{- message['content'] + '<|im_end|>' }}{% endgeneration %}")


def make_tokenizer(template: str | None = PLAIN, pad: str | None = PAD, adds_bos: bool = False) -> Any:
    """A byte-level tokenizer that has learnt to merge a little."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    texts = [f"What is {a} plus {b}?\nStep 1: add {a} and {b}.\n\nThe answer is \\boxed{{{a + b}}}." for a in range(9) for b in range(9)]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=340, special_tokens=[PAD, "<|im_start|>", END, BOS], initial_alphabet=alphabet, show_progress=False))
    if adds_bos:
        bpe.post_processor = processors.TemplateProcessing(single=f"{BOS} $A", pair=f"{BOS} $A $B", special_tokens=[(BOS, bpe.token_to_id(BOS))])
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, bos_token=BOS, eos_token=END, pad_token=pad, model_max_length=512)
    tokenizer.chat_template = template
    return tokenizer


def make_tokenizer_with_spaces(template: str) -> Any:
    """A tokenizer in SentencePiece's manner: spaces are part of the word behind them, and every text begins with one."""
    bpe = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    bpe.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    bpe.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    texts = [line for a in range(9) for b in range(9) for line in (f"What is {a} plus {b}?", f"Step 1: add {a} and {b}.", f"The answer is {a + b}.")]
    alphabet = [*(chr(code) for code in range(33, 127)), "▁", "\n"]
    bpe.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=200, special_tokens=["<unk>", PAD, END], initial_alphabet=alphabet, show_progress=False))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token=END, pad_token=PAD, unk_token="<unk>")
    tokenizer.chat_template = template
    return tokenizer


def make_model(folder: Path, tokenizer: Any, *, head_dim: int = 8, positions: int = 512) -> Path:
    """Writes a Llama of a few thousand random parameters."""
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=head_dim,
        max_position_embeddings=positions,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that most tests train: its template marks the assistant."""
    return make_model(tmp_path_factory.mktemp("model"), make_tokenizer(MARKED))


def path_of(a: int, b: int) -> str:
    """A reasoning path."""
    return f"Step 1: add {a} and {b}.\n\nThe answer is \\boxed{{{a + b}}}."


def asked(a: int, b: int) -> list[dict[str, str]]:
    """A question as messages."""
    return [{"role": "user", "content": f"What is {a} plus {b}?"}]


def answered(text: str) -> list[dict[str, str]]:
    """An answer as messages."""
    return [{"role": "assistant", "content": text}]


PAIRS = [(a, b) for a in range(8) for b in range(2)]
SFT = [{"prompt": asked(a, b), "completion": answered(path_of(a, b))} for a, b in PAIRS]
MESSAGES = [{"messages": [*asked(a, b), *answered(path_of(a, b))]} for a, b in PAIRS]
TEXT = [{"prompt": f"What is {a} plus {b}?\n", "completion": path_of(a, b)} for a, b in PAIRS]
KTO = [{"prompt": asked(a, b), "completion": answered(path_of(a, b + wrong)), "label": wrong == 0} for a, b in PAIRS for wrong in (0, 1)]
DPO = [{"prompt": asked(a, b), "chosen": answered(path_of(a, b)), "rejected": answered(path_of(a, b + 1))} for a, b in PAIRS]


def write_rows(file: Path, rows: list[Any]) -> Path:
    """Writes JSON lines."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@dataclass(frozen=True)
class Outcome:
    """What a training printed, as lines of the contract, and how it ended."""

    code: int
    lines: list[dict[str, Any]]
    output: Path
    beside: str
    """What stands on standard error."""

    def of(self, kind: str) -> list[dict[str, Any]]:
        """All lines of one kind."""
        return [line for line in self.lines if line["regenesis"] == kind]

    @property
    def done(self) -> dict[str, Any]:
        """The last line of a training that ended well."""
        assert self.code == 0, self.lines[-1:]
        assert self.lines[-1]["regenesis"] == "done"
        return self.lines[-1]

    @property
    def failed(self) -> dict[str, Any]:
        """The last line of one that did not."""
        assert self.code != 0
        assert self.lines[-1]["regenesis"] == "failed"
        return self.lines[-1]


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, model: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Trains as `train.py` does, in this process. Every line on standard output has to be one of the contract."""

    def start(rows: list[Any] | Path, *options: str, output: str = "out", model: Path = model, config: str = "tiny", **settings: object) -> Outcome:
        data = rows if isinstance(rows, Path) else write_rows(tmp_path / "train.jsonl", rows)
        changes = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
        folder = tmp_path / output
        file = TRAINING / f"presets/{config}.yaml"
        capfd.readouterr()
        code = train.main(["--config", str(file), "--data", str(data), "--model", str(model), "--output", str(folder), *changes, *options])
        printed, beside = capfd.readouterr()
        assert all(line.startswith('{"regenesis":') for line in printed.splitlines()), printed
        return Outcome(code, [json.loads(line) for line in printed.splitlines()], folder, beside)

    return start
