"""QR codes that a phone reads from paper and from another screen."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_png(content: str, scale: int) -> bytes:
    """A PNG with `scale` pixels a module, the quiet zone of four modules included (ISO/IEC 18004).

    Raises `segno.DataOverflowError` for more than 2,331 bytes.
    """
    out = BytesIO()
    segno.make_qr(content, error="m").save(out, kind="png", scale=scale, border=4)
    return out.getvalue()
