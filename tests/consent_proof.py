"""Checks a proof of consent as somebody would who does not trust us: with Python's own SHA-256, by what the proof itself says of its
digests. The proof is the one that the tests hold the crate to."""

import hashlib
import json
import pathlib
import sys

SNAPSHOT = "crates/tendlc/src/consent/snapshots/frontdesk_tendlc__consent__tests__proof_json.snap"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def written(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def salted(link, field):
    """The digest that stands for a personal field: of the salt's bytes, the field's name, a line feed, and the field as JSON."""
    hashed = bytes.fromhex(link["salt"]) + f"{field}\n{written(link['entry'][field])}".encode()
    return hashlib.sha256(hashed).hexdigest()


def check(proof):
    """The numbers of the entries that are not what was entered."""
    first = sha256(f"frontdesk consent\n{proof['consumer']}\n{proof['programme']}")
    before = proof["before"]["digest"]
    wrong = [] if proof["before"]["entries"] or before == first else [0]
    for link in proof["history"]:
        entry, personal = dict(link["entry"]), link.get("personal", {})
        erased = personal and "salt" not in link
        fields_hold = all(erased or salted(link, field) == digest for field, digest in personal.items())
        before = sha256(f"{before}\n{written(entry | personal)}")
        if before != link["digest"] or not fields_hold:
            wrong.append(link["number"])
    if (before, len(proof["history"]) + proof["before"]["entries"]) != (proof["head"]["digest"], proof["head"]["entries"]):
        wrong.append(proof["head"]["entries"])
    return wrong


text = pathlib.Path(SNAPSHOT).read_text().split("---\n", 2)[2]
assert check(json.loads(text)) == [], "the proof does not hold"
# And it would be seen: one letter of any entry.
for n in range(len(json.loads(text)["history"])):
    changed = json.loads(text)
    changed["history"][n]["entry"]["wording"] += "."
    assert n + 1 in check(changed), f"a change of entry {n + 1} is not seen"
# An erasure leaves the chain whole.
erased = json.loads(text)
for link in erased["history"]:
    link["entry"] |= {"wording": "", "evidence": ""}
    del link["salt"]
assert check(erased) == [], "an erasure breaks the chain"
shorter = json.loads(text)
shorter["history"].pop()
assert check(shorter), "a missing entry is not seen"
print("the proof holds, and no change of it would")
sys.exit(0)
