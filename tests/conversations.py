#!/usr/bin/env python3
"""docs/conversations.md: the conversations that the tests of crate sms hold, as they are held.

The tests write them down (FRONTDESK_CONVERSATIONS names a folder); this puts them together, and says whether the
document is up to date, or with --write makes it so.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import os

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "conversations.md"
HEAD = """# Conversations

Every conversation that the tests of crate `sms` hold, in virtual time, beginning on a Friday at 15:00 UTC. Made by
`tests/conversations.py`. `consumer:` and `ana:` write; `<` is a message to the consumer, `*` an event, `!` a refusal, `+5m`
time that passes. Between any two lines the session is stored, read back, and replayed from its events.
"""


def conversations():
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FRONTDESK_CONVERSATIONS": folder}
        command = ["cargo", "test", "--quiet", "-p", "frontdesk-sms", "--test", "conversations", "--test", "chats", "--test", "calls"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        return {file.name: file.read_text() for file in pathlib.Path(folder).iterdir()}


def key(name):
    number = re.search(r"sms_(\d+)", name)
    return (int(number.group(1)) if number else 99, name)


def document():
    text = HEAD
    held = conversations()
    for name in sorted(held, key=key):
        title = re.sub(r"sms_(\d+)", r"SMS-\1", name).replace("_", " ")
        text += f"\n## {title}\n\nTest `{name}`.\n\n"
        for script in held[name].strip().split("\n\n"):
            text += "```text\n" + script + "\n```\n\n"
    return text.rstrip() + "\n"


made = document()
if sys.argv[1:] == ["--write"]:
    DOCUMENT.write_text(made)
elif DOCUMENT.read_text() != made:
    sys.exit("docs/conversations.md is out of date: python3 tests/conversations.py --write")
else:
    print(f"{made.count('```text')} conversations, as the document has them")
