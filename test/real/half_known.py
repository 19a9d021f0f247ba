"""Writes a model that half knows sums: `half_known.py ASKED.json FOLDER`.

A Llama of some hundred thousand parameters learns from generated texts how our prompts are answered. ASKED.json holds a list of conversations as they
are sent, each with `{question}` in it. A sum of two numbers of two digits is either worked out, digit by digit, or guessed: without a carry it is mostly
worked out, with one mostly guessed, and a guess is mostly wrong. So the model that is asked once is right about some sums and not about others, and asked
often it is right about nearly all of them once: what rejection sampling lives on. Differences are as half known as sums. Takes minutes, on one thread.
"""

import json
import os
import random
import sys
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # threads that wait for each other on a busy machine take sixty times as long
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

WORKED_OUT = {False: 0.8, True: 0.35}
"""How often a text works its sum out, without and with a carry."""
STEPS, BATCH, RATE = 1500, 48, 4e-3
TEMPLATE = (
    "{%- for message in messages %}{{- '<|im_start|>' + message['role'] + '\\n' }}"
    "{%- if message['role'] == 'assistant' %}{% generation %}{{- message['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{%- else %}{{- message['content'] + '<|im_end|>' }}{%- endif %}{{- '\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def answer_of(a, b, word, draw):
    """What a text writes below a question, right or wrong."""
    plus = word == "plus"
    right = a + b if plus else a - b
    ones, tens = (a % 10, b % 10), (a // 10, b // 10)
    carry = sum(ones) > 9 if plus else ones[0] < ones[1]
    if draw.random() >= WORKED_OUT[carry]:
        return f"1. By eye it is about that much.\n\\boxed{{{max(0, right + draw.choice((-10, -2, -1, 1, 2, 10, 0)))}}}"
    if plus:
        lines = [f"1. The ones: {ones[0]} + {ones[1]} = {sum(ones)}.", f"2. The tens: {tens[0]} + {tens[1]}{' + 1' if carry else ''} = {sum(tens) + carry}."]
    else:
        lines = [
            f"1. The ones: {ones[0] + 10 * carry} - {ones[1]} = {ones[0] + 10 * carry - ones[1]}.",
            f"2. The tens: {tens[0]} - {tens[1]}{' - 1' if carry else ''} = {tens[0] - tens[1] - carry}.",
        ]
    return "\n".join([*lines, f"\\boxed{{{right}}}"])


def text_of(asked, draw):
    """A conversation and its answer."""
    word = draw.choice(("plus", "minus"))
    a, b = draw.randrange(10, 50), draw.randrange(10, 50)
    if word == "minus":
        a, b = max(a, b), min(a, b)
    question = f"What is {a} {word} {b}?"
    messages = [{**message, "content": message["content"].replace("{question}", question)} for message in draw.choice(asked)]
    return messages, answer_of(a, b, word, draw)


def make_tokenizer(texts):
    """Digits are tokens of their own, and a line that every prompt has is one."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Split(Regex("\n+"), "merged_with_previous"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    bpe.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=4000, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token=special[2], pad_token=special[0], model_max_length=8192, clean_up_tokenization_spaces=False)
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def make_model(tokenizer):
    """Heads of 32, the smallest that a server on a processor knows."""
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=192,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=8192,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return transformers.LlamaForCausalLM(config)


def batch_of(asked, tokenizer, draw):
    """Ids, labels and mask; only answers are learnt."""
    rows = []
    for _ in range(BATCH):
        messages, answer = text_of(asked, draw)
        prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        head, tail = (tokenizer(text, add_special_tokens=False)["input_ids"] for text in (prompt, f"{answer}<|im_end|>"))
        rows.append((head, tail))
    width = max(len(head) + len(tail) for head, tail in rows)
    rest = [width - len(head) - len(tail) for head, tail in rows]
    ids = torch.tensor([head + tail + [tokenizer.pad_token_id] * pad for (head, tail), pad in zip(rows, rest, strict=True)])
    labels = torch.tensor([[-100] * len(head) + tail + [-100] * pad for (head, tail), pad in zip(rows, rest, strict=True)])
    mask = torch.tensor([[1] * (width - pad) + [0] * pad for pad in rest])
    return ids, labels, mask


def main(asked_file, folder):
    """Teaches, and writes model and tokenizer."""
    torch.set_num_threads(1)
    draw = random.Random(0)
    asked = json.loads(asked_file.read_text(encoding="utf-8"))
    samples = [text_of(asked, draw) for _ in range(2000)]
    tokenizer = make_tokenizer([text for messages, answer in samples for text in (*(message["content"] for message in messages), answer)])
    model = make_model(tokenizer)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = transformers.get_cosine_schedule_with_warmup(optimizer, STEPS // 20, STEPS)
    for step in range(STEPS):
        ids, labels, mask = batch_of(asked, tokenizer, draw)
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if step % 100 == 0 or step == STEPS - 1:
            print(f"step {step}: loss {loss.item():.3f}, {ids.shape[1]} tokens", file=sys.stderr, flush=True)
    model.generation_config.eos_token_id, model.generation_config.pad_token_id = tokenizer.eos_token_id, tokenizer.pad_token_id
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    print(f"{model.num_parameters()} parameters, {len(tokenizer)} tokens")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
