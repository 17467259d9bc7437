"""Writes webhook forms with the signatures that Twilio's own Python package gives them, as JSON lines of a list.

    python3 tests/twilio_signatures.py > crates/twilio/tests/signatures.json
"""

import json
import random
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

TEXTS = ["Hello", "", "STOP", "¿Qué tal? 🙂", "a+b&c=d%20", "line\nbreak\r\n", "中文", "  spaces  ", "x" * 500]
URLS = [
    "https://frontdesk.example.com/webhooks/twilio/messages",
    "https://frontdesk.example.com/webhooks/twilio/status?text=1042-7",
    "http://127.0.0.1:8080/webhooks/twilio/messages",
    "https://example.com:8443/a/b?x=1&y=%20z",
]

generator = random.Random(20261121)
vectors = []
for n in range(60):
    token = "%032x" % generator.getrandbits(128)
    fields = {
        "MessageSid": "SM%032x" % generator.getrandbits(128),
        "From": "+1202555%04d" % generator.randrange(10000),
        "To": "+12025550100",
        "Body": generator.choice(TEXTS),
        "NumMedia": "0",
    }
    if n % 3 == 0:
        fields.update({"MediaUrl0": "https://api.twilio.com/x?y=1", "MediaContentType0": "image/png", "NumMedia": "1"})
    url = generator.choice(URLS)
    signature = RequestValidator(token).compute_signature(url, fields)
    vectors.append({"token": token, "url": url, "body": urlencode(fields), "signature": signature})
print(json.dumps(vectors, indent=1))
