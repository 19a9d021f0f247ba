"""Holds exported training sets against the libraries that will eat them: `exportFormats.py FOLDER…`.

Every manifest in a folder names a data file and its format. Each is loaded with `datasets`, every single record goes through what TRL's trainers
do with it first (find out its shape, apply a chat template), Parquet is read with pyarrow too, and a folder with a dataset card is loaded as the
Hub would load it. Prints one line for each file; ends with 1 at the first that is not as it must be.
"""

import json
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
from datasets import load_dataset
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast
from trl.data_utils import apply_chat_template, is_conversational, is_conversational_from_value, maybe_convert_to_chatml, unpair_preference_dataset

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
COLUMNS = {
    "chat": {"messages"},
    "parquet": {"messages"},
    "prompt-completion": {"prompt", "completion"},
    "sharegpt": {"conversations"},
    "alpaca": {"instruction", "input", "output"},
    "kto": {"prompt", "completion", "label"},
    "dpo": {"prompt", "chosen", "rejected"},
}


def tokenizer():
    """One that needs no download: only its chat template counts here."""
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"x": 0}, unk_token="x")), chat_template=TEMPLATE)


def rows_of(path, form):
    kind = "parquet" if form == "parquet" else "json"
    return load_dataset(kind, data_files={"train": str(path)}, split="train", download_mode="force_redownload")


def check_parquet(path, count):
    table = pyarrow.parquet.read_table(path)
    message = pyarrow.struct([("role", pyarrow.string()), ("content", pyarrow.string())])
    messages = table.schema.field("messages").type
    assert pyarrow.types.is_list(messages) and messages.value_type == message, f"{path}: {table.schema}"
    assert table.num_rows == count, f"{path}: {table.num_rows} rows instead of {count}"


def check_record(record, form, words):
    if form == "alpaca":
        assert all(isinstance(record[name], str) for name in COLUMNS[form]) and record["output"], record
        return
    if form == "sharegpt":
        assert is_conversational_from_value(record), record
        record = maybe_convert_to_chatml(record)
        assert [message["role"] for message in record["messages"]] == ["human", "gpt"], record
        return
    assert is_conversational(record), record
    rendered = apply_chat_template(record, words)
    learnt = record["messages"][1:] if "messages" in record else record.get("completion") or record["chosen"]
    assert learnt[-1]["role"] == "assistant" and learnt[-1]["content"].strip(), record
    text = rendered.get("text") or rendered.get("completion") or rendered["chosen"]
    assert text.rstrip().endswith(learnt[-1]["content"] + "<|end|>"), rendered
    if form == "kto":
        assert isinstance(record["label"], bool), record
    if form == "dpo":
        assert rendered["chosen"] != rendered["rejected"], record


def check_file(path, form, count, words):
    rows = rows_of(path, form)
    assert len(rows) == count, f"{path}: {len(rows)} records instead of {count}"
    assert set(rows.column_names) == COLUMNS[form], f"{path}: {rows.column_names}"
    for record in rows:
        check_record(record, form, words)
    if form == "parquet":
        check_parquet(path, count)
    if form == "dpo":
        assert len(unpair_preference_dataset(rows)) == 2 * count
    print(f"{path.name}: {count} records of {form}")


def check_card(folder, manifest):
    loaded = load_dataset(str(folder), download_mode="force_redownload")
    split = manifest.get("split")
    counts = {"train": manifest["records"] - (split["records"] if split else 0), **({split["name"].replace("-", "_"): split["records"]} if split else {})}
    assert {name: len(rows) for name, rows in loaded.items()} == counts, f"{folder}: {loaded}"
    print(f"{folder.name}: loads by its card as {counts}")


def main(folders):
    words = tokenizer()
    seen = set()
    for folder in map(Path, folders):
        for path in sorted(folder.glob("*.manifest.json")):
            manifest = json.loads(path.read_text(encoding="utf-8"))
            form, split = manifest["format"], manifest.get("split")
            seen.add(form)
            check_file(folder / manifest["files"][0], form, manifest["records"] - (split["records"] if split else 0), words)
            if split:
                check_file(folder / split["file"], form, split["records"], words)
            if "README.md" in manifest["files"]:
                check_card(folder, manifest)
    missing = set(COLUMNS) - seen
    assert not missing, f"no export of {', '.join(sorted(missing))}"


if __name__ == "__main__":
    main(sys.argv[1:])
