"""What of a row is trained on: the path and the token that ends it, and nothing else.

TRL makes labels of its own from a dataset. Here they are made before it, so that what `--show-labels` prints is what is trained
on, whatever the chat template writes around a path, and so that rows which are too long are counted before anything is left out.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from .config import RefusalError, Settings
from .data import Message, Row

Tokens = NDArray[numpy.int32]
Tokenizer = Any
NOT_TRAINED = -100


@dataclass(frozen=True)
class Example:
    """One text as the model meets it. `labels` holds the trained tokens at their places and NOT_TRAINED elsewhere."""

    ids: Tokens
    labels: Tokens

    @property
    def trained(self) -> Tokens:
        """The trained tokens."""
        return numpy.extract(self.labels != NOT_TRAINED, self.labels)

    @property
    def halves(self) -> tuple[Tokens, Tokens]:
        """What is given and what is answered, for a row of prompt and completion."""
        start = int(numpy.argmax(self.labels != NOT_TRAINED))
        return self.ids[:start], self.ids[start:]

    def cut(self, length: int) -> "Example":
        """The first `length` tokens."""
        return Example(self.ids[:length], self.labels[:length])


@dataclass(frozen=True)
class Examples:
    """The rows that are trained on, each with one example or, for DPO, two; and what became of those that were too long."""

    rows: Sequence[Sequence[Example]]
    labels: Sequence[bool | None]
    """Whether an answer is wanted, for KTO."""
    dropped: int
    cut: int


class Labeller:
    """Makes examples of rows with one tokenizer."""

    def __init__(self, tokenizer: Tokenizer, settings: Settings) -> None:
        """Changes nothing in the tokenizer; without an end token nothing could be trained to end."""
        if tokenizer.eos_token_id is None:
            raise RefusalError("bad-model", "The tokenizer has no end token (eos_token): the model could not learn to end an answer.")
        self._tokenizer = tokenizer
        self._settings = settings
        self._ends = {tokenizer.eos_token_id, *tokenizer.added_tokens_decoder}
        self._marking: str | None = None
        self._warned = False

    def all(self, rows: Sequence[Row]) -> Examples:
        """Every row that fits into `max_length`, after `on_too_long` was applied to the others. No row left is refused."""
        kept: list[list[Example]] = []
        labels: list[bool | None] = []
        dropped = cut = 0
        most, on_too_long = self._settings.max_length, self._settings.on_too_long
        for row in rows:
            examples = [self._example(row, answer) for answer in row.answers]
            longest = max(len(example.ids) for example in examples)
            if longest > most:
                if on_too_long == "fail":
                    raise RefusalError("bad-data", f"{row.where}: {longest} tokens, and max_length is {most}. Raise it, or set on_too_long to drop or cut.")
                examples = [example.cut(most) for example in examples]
                if on_too_long == "drop" or any(len(example.trained) == 0 for example in examples):
                    dropped += 1
                    continue
                cut += 1
            kept.append(examples)
            labels.append(row.label)
        if not kept:
            file = rows[0].where.rpartition(":")[0]
            raise RefusalError("bad-data", f"None of the {len(rows)} rows of {file} is left: max_length is {most} tokens, and on_too_long is {on_too_long}.")
        return Examples(kept, labels, dropped, cut)

    def text(self, tokens: Tokens) -> str:
        """Tokens as text, with the special ones."""
        return str(self._tokenizer.decode(tokens.tolist(), skip_special_tokens=False, clean_up_tokenization_spaces=False))

    def _example(self, row: Row, answer: Any) -> Example:
        if row.prompt is None:
            return self._marked(row, answer)
        if isinstance(row.prompt, str):
            return self._split(row.prompt, answer, add_special_tokens=True)
        head, tail = self._around(row, row.prompt, answer)
        return self._split(head, tail, add_special_tokens=False)

    def _around(self, row: Row, prompt: list[Message], answer: list[Message]) -> tuple[str, str]:
        """A conversation as text, in front of its path and from there to the end of the turn."""
        if self._tokenizer.chat_template is None:
            raise RefusalError("bad-model", "The tokenizer has no chat template, and the dataset holds messages: name one with chat_template, or take an instruct model.")
        asked = self._tokenizer.apply_chat_template(prompt, tokenize=False, add_generation_prompt=True)
        whole = self._tokenizer.apply_chat_template([*prompt, *answer], tokenize=False)
        shared = next((at for at, pair in enumerate(zip(asked, whole, strict=False)) if pair[0] != pair[1]), len(asked))
        content = next((text for text in (answer[0]["content"], answer[0]["content"].strip()) if whole.find(text, shared) >= 0), None)
        if content is None:
            raise RefusalError("bad-data", f"{row.where}: the chat template changes the answer, so that what to train on cannot be told.")
        start = whole.find(content, shared)
        between, after = whole[shared:start], whole[start + len(content) :].rstrip()
        if between.strip() == "":
            start = shared  # a space that the model has to write itself
        elif not self._warned:
            self._warned = True
            print(f"The chat template writes {between!r} in front of an answer, which is not trained on: ask the tuned model with a prompt that ends in it.", file=sys.stderr)
        return whole[:start], whole[start : whole.find(content, shared) + len(content)] + after

    def _split(self, head: str, tail: str, add_special_tokens: bool) -> Example:
        """Tokens of both, with the border where the model meets it: behind the prompt as it is tokenized alone."""

        def tokens(text: str, special: bool) -> list[int]:
            ids: list[int] = self._tokenizer(text, add_special_tokens=special)["input_ids"]
            added_end = special and ids[-1:] == [self._tokenizer.eos_token_id] and not text.endswith(self._tokenizer.eos_token)
            return ids[:-1] if added_end else ids

        def continued(text: str, start: str, special: bool) -> list[int] | None:
            """The tokens of a text behind another one, if the border between them lies between two tokens."""
            before, both = tokens(start, special), tokens(start + text, special)
            return both[len(before) :] if both[: len(before)] == before else None

        given = tokens(head, add_special_tokens)
        # a text alone gets a space in front of it from some tokenizers, and not behind a line break
        answer = continued(tail, head, add_special_tokens) or continued(tail, "\n", False) or tokens(tail, False)
        if answer[-1] not in self._ends:
            answer.append(self._tokenizer.eos_token_id)
        return Example(numpy.array(given + answer, numpy.int32), numpy.array([NOT_TRAINED] * len(given) + answer, numpy.int32))

    def _marked(self, row: Row, messages: list[Message]) -> Example:
        """A whole conversation, of which the chat template says what the assistant wrote."""
        made = self._tokenizer.apply_chat_template(messages, chat_template=self._template(), return_dict=True, return_assistant_tokens_mask=True)
        ids, labels, ended = made["input_ids"], [], False
        for token, written in zip(ids, made["assistant_masks"], strict=True):
            ended = bool(written) and (token in self._ends or (ended and self._tokenizer.decode([token]).isspace()))
            labels.append(token if written and not (ended and token not in self._ends) else NOT_TRAINED)
        example = Example(numpy.array(ids, numpy.int32), numpy.array(labels, numpy.int32))
        if len(example.trained) == 0 or example.trained[-1] not in self._ends:
            raise RefusalError(
                "bad-model",
                f"{row.where}: the chat template does not mark the end of the assistant's turn, so the model would not learn to stop. Export the dataset as prompt-completion.",
            )
        return example

    def _template(self) -> str:
        """The tokenizer's template if it marks the assistant, else TRL's own for the same model."""
        if self._marking is None:
            from trl.chat_template_utils import get_training_chat_template

            try:
                self._marking = get_training_chat_template(self._tokenizer) or self._tokenizer.chat_template
            except (ValueError, TypeError):
                raise RefusalError(
                    "bad-model",
                    "The chat template does not mark what the assistant writes ({% generation %}), so messages cannot be trained on: export the dataset as prompt-completion.",
                ) from None
        return str(self._marking)


def load_tokenizer(model: str, settings: Settings) -> Tokenizer:
    """The model's tokenizer as it is, except for a template of the user's own."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(model)
        if settings.chat_template:
            with open(settings.chat_template, encoding="utf-8") as file:
                tokenizer.chat_template = file.read()
    except (OSError, ValueError) as error:
        raise RefusalError("bad-model", f"The tokenizer of {model} cannot be loaded: {error}") from None
    return tokenizer
