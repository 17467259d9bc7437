#!/usr/bin/env python3
"""The conversations at the end of docs/features.md: those that the tests of sms and engine hold, as they are held.

The tests write them down (FRONTDESK_CONVERSATIONS names a folder); this puts them together, and says whether the
document is up to date, or with --write makes it so.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "features.md"
BEGINNING = "\n## Conversations\n"
HEAD = """
Every conversation that the tests hold, in virtual time. Made by `tests/conversations.py`. `consumer:` and `ana:` write; `<` is a
message to the consumer, `*` an event, `!` a refusal, `+5m` time that passes. Between any two lines a session of the machines
(`sms`) is stored, read back, and replayed from its events; those of the whole center go through engine, consent and outbox.
"""
# Built as by tests/run: nothing is compiled again.
TESTS = [
    ["--workspace", "--all-features", "--test", "conversations", "--test", "chats", "--test", "calls", "--test", "after_hours_calls"],
    ["--workspace", "--all-features", "--test", "engine", "conversations::"],
]


def conversations():
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FRONTDESK_CONVERSATIONS": folder}
        for tests in TESTS:
            command = ["cargo", "test", "--quiet", *tests]
            subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        return {file.name: file.read_text() for file in pathlib.Path(folder).iterdir()}


def key(name):
    number = re.search(r"sms_(\d+)", name)
    return (int(number.group(1)) if number else 99, name)


def made():
    text = BEGINNING + HEAD + "\n"
    held = conversations()
    for name in sorted(held, key=key):
        title = re.sub(r"(sms|hrs)_(\d+)", lambda m: f"{m.group(1).upper()}-{m.group(2)}", name)
        title = re.sub(r"(SMS-\d+)_and_(\d+)", r"\1 and SMS-\2", title).replace("_", " ")
        text += f"### {title}\n\nTest `{name}`.\n\n"
        for script in held[name].strip().split("\n\n"):
            text += "```text\n" + script + "\n```\n\n"
    return text.rstrip() + "\n"


document = DOCUMENT.read_text()
table = document.split(BEGINNING)[0]
text = made()
if sys.argv[1:] == ["--write"]:
    DOCUMENT.write_text(table.rstrip() + "\n" + text)
elif document != table.rstrip() + "\n" + text:
    sys.exit("docs/features.md is out of date: python3 tests/conversations.py --write")
else:
    print(f"{text.count('```text')} conversations, as the document has them")
