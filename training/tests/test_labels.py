"""What is trained on is exactly the path and the token that ends it."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import BOS, END, MARKED, MESSAGES, PLAIN, SFT, TEXT, answered, asked, make_tokenizer, make_tokenizer_with_spaces, path_of, turn_template, write_rows

from regenesis_training.config import RefusalError, Settings
from regenesis_training.data import read_rows
from regenesis_training.labels import Example, Examples, Labeller

Label = Callable[..., Examples]


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """Labels rows with a tokenizer."""

    def start(rows: list[Any], tokenizer: Any = None, **settings: Any) -> Examples:
        labeller = Labeller(tokenizer or make_tokenizer(), Settings(**settings))
        return labeller.all(read_rows(write_rows(tmp_path / "rows.jsonl", rows), settings.get("method", "sft")))

    return start


def trained(example: Example, tokenizer: Any = None) -> str:
    """The trained tokens as text."""
    return Labeller(tokenizer or make_tokenizer(), Settings()).text(example.trained)


def given(example: Example) -> str:
    """The tokens before them."""
    return Labeller(make_tokenizer(), Settings()).text(example.halves[0])


def chat(path: str) -> dict[str, Any]:
    """A row of messages."""
    return {"prompt": asked(1, 2), "completion": answered(path)}


def test_text(label: Label) -> None:
    """Text is followed by the end token, and is not ended twice."""
    first = label(TEXT).rows[0][0]
    assert trained(first) == TEXT[0]["completion"] + END
    assert given(first) == TEXT[0]["prompt"]
    ended = label([{**TEXT[0], "completion": TEXT[0]["completion"] + END}]).rows[0][0]
    assert trained(ended) == trained(first)


@pytest.mark.parametrize("template", [PLAIN, MARKED])
def test_chat(label: Label, template: str) -> None:
    """Of a conversation neither header nor the line break behind the end is trained on."""
    rows = label(SFT, make_tokenizer(template)).rows
    assert [trained(row[0]) for row in rows] == [row["completion"][0]["content"] + END for row in SFT]
    assert given(rows[1][0]) == f"<|im_start|>user\nWhat is 0 plus 1?{END}\n<|im_start|>assistant\n"


def test_messages(label: Label) -> None:
    """Messages give what prompt and completion give, and every turn of the assistant is trained on."""
    tokenizer = make_tokenizer(MARKED)
    for one, other in zip(label(MESSAGES, tokenizer).rows, label(SFT, tokenizer).rows, strict=True):
        assert one[0].trained.tolist() == other[0].trained.tolist()
    turns = [{"role": "system", "content": "Think."}, *asked(1, 1), *answered("Two."), *asked(1, 2), *answered("Three.")]
    assert trained(label([{"messages": turns}], tokenizer).rows[0][0]) == f"Two.{END}Three.{END}"


def test_messages_whose_mark_takes_in_too_much(label: Label) -> None:
    """A line break that a template marks behind the end of a turn is not trained on."""
    tokenizer = make_tokenizer(turn_template("{% generation %}{{- message['content'] + '<|im_end|>\\n' }}{% endgeneration %}"))
    assert trained(label(MESSAGES, tokenizer).rows[0][0]) == path_of(0, 0) + END


@pytest.mark.parametrize("template", [PLAIN, turn_template("{% generation %}{{- message['content'] }}{% endgeneration %}{{- '<|im_end|>' }}")])
def test_messages_that_are_not_marked(label: Label, template: str) -> None:
    """Without marks, or with marks that leave out the end, messages are refused with what to do instead."""
    with pytest.raises(RefusalError, match="xport the dataset as prompt-completion") as refusal:
        label(MESSAGES, make_tokenizer(template))
    assert refusal.value.reason == "bad-model"


@pytest.mark.parametrize(
    "template",
    [
        turn_template("{{- message['content'] | trim + '<|im_end|>' }}"),
        turn_template("{{- message['content'] }}"),
        turn_template("{{- message['content'] + '<|im_end|>' }}", before_answer="<think>\\n\\n</think>\\n\\n"),
        turn_template("{{- ' ' + message['content'] + eos_token }}"),
    ],
)
def test_templates_with_manners_of_their_own(label: Label, template: str) -> None:
    """Whatever a template puts around a path is not trained on, and an end is there in any case."""
    assert trained(label([chat(path_of(1, 2))], make_tokenizer(template)).rows[0][0]).strip() == path_of(1, 2) + END


def test_template_that_changes_the_path(label: Label) -> None:
    """A path that is not in what the template writes cannot be told from the rest."""
    with pytest.raises(RefusalError, match=r"rows.jsonl:1: the chat template changes the answer"):
        label([chat("Step 1.")], make_tokenizer(turn_template("{{- message['content'] | upper + '<|im_end|>' }}")))


def test_no_template(label: Label) -> None:
    """A base model's tokenizer cannot take messages."""
    with pytest.raises(RefusalError, match="no chat template"):
        label(SFT, make_tokenizer(None))


def test_any_path(label: Label) -> None:
    """Paths of any characters come out as they went in, as text and as messages."""
    draw = random.Random(7)
    parts = ["\n", "\n\n", " ", "\\boxed{3}", "é", "漢字", "🙂", "Step 1:", "<", "|", "assistant", "\t", "0.5", "What is 1 plus 2?"]
    paths = [path for path in ("".join(draw.choices(parts, k=draw.randint(1, 12))) for _ in range(200)) if path.strip()]
    for row, path in zip(label([chat(path) for path in paths]).rows, paths, strict=True):
        assert trained(row[0]) == path + END
    for row, path in zip(label([{"prompt": "Q:\n", "completion": path} for path in paths]).rows, paths, strict=True):
        assert trained(row[0]) == path + END
        assert given(row[0]) == "Q:\n"


def test_border_inside_a_token(label: Label) -> None:
    """Where tokens would merge over the border, the prompt stays as the model will meet it."""
    tokenizer = make_tokenizer()
    prompt, completion = "Step 1: a", "dd 1 and 2."
    assert len(tokenizer(prompt + completion)["input_ids"]) < len(tokenizer(prompt)["input_ids"]) + len(tokenizer(completion)["input_ids"])
    example = label([{"prompt": prompt, "completion": completion}], tokenizer).rows[0][0]
    assert example.halves[0].tolist() == tokenizer(prompt)["input_ids"]
    assert trained(example) == completion + END


def test_tokenizer_that_begins_texts_with_a_space(label: Label) -> None:
    """With a tokenizer of the kind of Llama 2 and Mistral, a path is tokenized as the model will write it: behind its prompt, with no space too many."""
    template = "{%- for m in messages %}{{- '[INST]' + m['content'] + '[/INST]' if m['role'] == 'user' else ' ' + m['content'] + eos_token }}{%- endfor %}"
    tokenizer = make_tokenizer_with_spaces(template)
    example = label(SFT, tokenizer).rows[0][0]
    assert trained(example, tokenizer) == path_of(0, 0) + END
    assert example.ids.tolist() == tokenizer(f"[INST]What is 0 plus 0?[/INST] {path_of(0, 0)}{END}", add_special_tokens=False)["input_ids"]
    for prompt, completion in (("What is 1 plus 1?\n", "Step 1"), ("Answer:", " Step 1"), ("Answer: ", "Step 1")):
        example = label([{"prompt": prompt, "completion": completion}], tokenizer).rows[0][0]
        assert example.halves[0].tolist() == tokenizer(prompt)["input_ids"]
        assert tokenizer.decode(example.ids.tolist()) == prompt + completion + END


def test_begin_token(label: Label) -> None:
    """The begin token is there once, whether the tokenizer or the template writes it."""
    tokenizer = make_tokenizer(turn_template("{{- message['content'] + '<|im_end|>' }}", bos=True), adds_bos=True)
    for rows in (TEXT, SFT):
        ids = label(rows, tokenizer).rows[0][0].ids.tolist()
        assert (ids[0], ids.count(tokenizer.bos_token_id)) == (tokenizer.convert_tokens_to_ids(BOS), 1)


def test_no_end_token() -> None:
    """Without an end token nothing could be trained to end."""
    tokenizer = make_tokenizer()
    tokenizer.eos_token = None
    with pytest.raises(RefusalError, match="no end token"):
        Labeller(tokenizer, Settings())


def test_preference_pairs(label: Label) -> None:
    """The better and the worse path share their prompt."""
    row = label([{"prompt": asked(1, 2), "chosen": answered("Three."), "rejected": answered("Four.")}], method="dpo").rows[0]
    assert [trained(example) for example in row] == [f"Three.{END}", f"Four.{END}"]
    assert row[0].halves[0].tolist() == row[1].halves[0].tolist()


def test_rows_that_are_too_long(label: Label) -> None:
    """They are dropped, cut or refused, and counted; one of which nothing would be left to train on is dropped."""
    rows = [chat("x" * length) for length in (4, 40, 400)] + [{"prompt": [{"role": "user", "content": "x" * 400}], "completion": answered("y")}]
    whole = label(rows)
    lengths = [len(row[0].ids) for row in whole.rows]
    assert (whole.dropped, whole.cut) == (0, 0)
    dropped = label(rows, max_length=lengths[1])
    assert ([len(row[0].ids) for row in dropped.rows], dropped.dropped, dropped.cut) == (lengths[:2], 2, 0)
    cut = label(rows, max_length=lengths[1], on_too_long="cut")
    assert ([len(row[0].ids) for row in cut.rows], cut.dropped, cut.cut) == ([lengths[0], lengths[1], lengths[1]], 1, 1)
    assert set(trained(cut.rows[2][0])) == {"x"}
    with pytest.raises(RefusalError, match=rf"rows.jsonl:2: {lengths[1]} tokens, and max_length is {lengths[1] - 1}"):
        label(rows, max_length=lengths[1] - 1, on_too_long="fail")
    with pytest.raises(RefusalError, match=r"None of the 4 rows of \S+rows.jsonl is left: max_length is 8 tokens"):
        label(rows, max_length=8)
