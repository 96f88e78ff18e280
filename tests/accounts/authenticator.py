"""What an authenticator app shows, reckoned here independently of the library that checks it."""

from __future__ import annotations

import base64
import hmac
import struct
import time


def code(key: str, fast: int = 0) -> str:
    """The code for the key on a clock that is ``fast`` by so many seconds (RFC 6238: six digits, 30 s, SHA-1)."""
    letters = key.replace("-", "").replace(" ", "")
    secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    digest = hmac.new(secret, struct.pack(">Q", (int(time.time()) + fast) // 30), "sha1").digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
