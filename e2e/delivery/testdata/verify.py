"""Verifies notices with the official library of Standard Webhooks.

Each line of the input is a JSON object with secret, headers and body. Each
line of the output is "ok" or the error's name.
"""

import json
import sys

from standardwebhooks import Webhook

for line in sys.stdin:
    notice = json.loads(line)
    try:
        Webhook(notice["secret"]).verify(notice["body"], notice["headers"], json_parse=False)
        print("ok")
    except Exception as error:
        print(type(error).__name__)
