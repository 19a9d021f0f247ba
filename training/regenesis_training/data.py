"""Lines of a dataset as they were exported, checked one by one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .config import RefusalError

Message = dict[str, str]
Text = str | list[Message]

SHAPES: dict[str, list[tuple[str, ...]]] = {"sft": [("messages",), ("prompt", "completion")], "kto": [("prompt", "completion", "label")], "dpo": [("prompt", "chosen", "rejected")]}
_TRAINED_ON = {"messages", "prompt", "completion", "label", "chosen", "rejected"}
_ROLES = ("system", "user", "assistant", "tool")


@dataclass(frozen=True)
class Row:
    """One line: what is asked, and one answer to it or, for DPO, the better and the worse one. `prompt` is None for whole conversations."""

    where: str
    prompt: Text | None
    answers: Sequence[Text]
    label: bool | None = None


def read_rows(file: Path, method: str) -> list[Row]:
    """All rows of a JSON Lines file, in its order. The first line that is not as the method needs it is refused by its number."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusalError("bad-data", f"{file} cannot be read: {error}") from None
    rows = [_row(line, f"{file}:{number}", method) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise RefusalError("bad-data", f"{file} holds no rows.")
    return rows


def _row(line: str, where: str, method: str) -> Row:
    try:
        value: Any = json.loads(line)
    except ValueError as error:
        raise RefusalError("bad-data", f"{where}: this is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise RefusalError("bad-data", f"{where}: a row is a JSON object.")
    keys = _TRAINED_ON & value.keys()
    shape = next((shape for shape in SHAPES[method] if keys == set(shape)), None)
    if shape is None:
        wanted = ", or ".join(" and ".join(shape) for shape in SHAPES[method])
        raise RefusalError("bad-data", f"{where}: {method} is trained on {wanted}, and this row has {', '.join(value) or 'nothing'}. Export the dataset in that form.")
    if shape == ("messages",):
        return Row(where, None, [_conversation(value["messages"], f"{where}: messages", last="assistant")])
    if "label" in shape and not isinstance(value["label"], bool):
        raise RefusalError("bad-data", f"{where}: label is true or false.")
    prompt = _text(value["prompt"], f"{where}: prompt", last="user")
    answers = [_text(value[key], f"{where}: {key}", last="assistant") for key in shape if key not in ("prompt", "label")]
    if any(isinstance(answer, str) != isinstance(prompt, str) or (isinstance(answer, list) and len(answer) != 1) for answer in answers):
        raise RefusalError("bad-data", f"{where}: prompt and answer are either both text or both messages, and an answer is one message.")
    return Row(where, prompt, answers, value.get("label"))


def _text(value: object, where: str, last: str) -> Text:
    if isinstance(value, list):
        return _conversation(value, where, last)
    if isinstance(value, str) and value.strip():
        return value
    raise RefusalError("bad-data", f"{where} is text or a list of messages, and not blank.")


def _conversation(value: object, where: str, last: str) -> list[Message]:
    if not isinstance(value, list) or not value:
        raise RefusalError("bad-data", f"{where} is a list of messages.")
    for message in value:
        if not (isinstance(message, dict) and message.get("role") in _ROLES and isinstance(message.get("content"), str) and message["content"].strip()):
            raise RefusalError("bad-data", f"{where}: a message has a role ({', '.join(_ROLES)}) and a content that is not blank.")
    if value[-1]["role"] != last:
        raise RefusalError("bad-data", f"{where}: the last message is the {last}'s, not the {value[-1]['role']}'s.")
    return value
