"""Pictures of the exercises, at `/pictures/SLUG.svg`.

`?step=2` is only what belongs to that step, `?still=1` one that never moves: not every browser tells a picture in a
page that its reader prefers less motion, but `<picture>` can choose.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from sanic import Request, response
from sanic.response import HTTPResponse

from library.content import ContentError
from library.pictures.drawing import picture_svg

_PATH = re.compile(r"/pictures/([a-z0-9-]{1,60})\.svg")
# Other sites that embed the widget show the pictures too. Nothing in one runs, or loads anything.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=3600",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True)
class _Drawn:
    body: bytes
    zipped: bytes
    etag: str


async def picture(request: Request) -> HTTPResponse | None:
    """Answers GET for a picture; None leaves a request to others."""
    if request.method not in ("GET", "HEAD") or not (path := _PATH.fullmatch(request.path)):
        return None
    step = request.args.get("step", "")
    try:
        drawn = _draw(path[1], int(step) if re.fullmatch("[1-9]", step) else None, "still" not in request.args)
    except ContentError:
        return response.json({"error": {"code": "no_picture", "message": "There is no such picture."}}, status=404)
    headers = {**_HEADERS, "ETag": drawn.etag}
    if request.headers.get("if-none-match") == drawn.etag:
        return response.empty(304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return response.raw(drawn.zipped, headers={**headers, "Content-Encoding": "gzip"}, content_type="image/svg+xml")
    return response.raw(drawn.body, headers=headers, content_type="image/svg+xml")


@lru_cache(maxsize=512)
def _draw(slug: str, step: int | None, moving: bool) -> _Drawn:
    body = picture_svg(slug, step, moving=moving).encode()
    return _Drawn(body, gzip.compress(body), f'"{hashlib.sha256(body).hexdigest()[:20]}"')
