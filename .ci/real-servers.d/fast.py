"""A small fastmcp server: one function for each thing the tests look at.

    fast.py PORT          Streamable HTTP on 127.0.0.1:PORT, at /mcp
    fast.py stdio         standard input and output

With FAST_TOKEN in the environment every request needs it as its Bearer token. With
FAST_OAUTH one has to sign in: the authorization server is on the same port.
"""

import asyncio
import os
import struct
import sys
import zlib

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.auth.auth import ClientRegistrationOptions, RevocationOptions
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider
from fastmcp.server.auth.providers.jwt import StaticTokenVerifier
from fastmcp.utilities.types import Image
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp_types import SubscriptionsListenRequestParams
from mcp_types import ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult


def guard():
    """Who lets requests in, where anybody does."""
    if token := os.environ.get("FAST_TOKEN"):
        return StaticTokenVerifier({token: {"client_id": "tests", "scopes": []}})
    if os.environ.get("FAST_OAUTH"):
        return InMemoryOAuthProvider(
            base_url=f"http://127.0.0.1:{sys.argv[1]}",
            client_registration_options=ClientRegistrationOptions(
                enabled=True, valid_scopes=["read", "write"], default_scopes=["read"]
            ),
            revocation_options=RevocationOptions(enabled=True),
            required_scopes=["read"],
        )
    return None


mcp = FastMCP("fast", version="1.0.0", auth=guard())
# fastmcp itself tells nobody of changes; the library below it can.
bus = InMemorySubscriptionBus()
mcp._mcp_server.add_request_handler("subscriptions/listen", SubscriptionsListenRequestParams, ListenHandler(bus))
counter = 0


@mcp.tool(annotations={"title": "Echo", "readOnlyHint": True, "openWorldHint": False})
def echo(text: str) -> str:
    """Gives the text back as it came."""
    return text


@mcp.tool(annotations={"readOnlyHint": True, "idempotentHint": True})
def add(a: float, b: float) -> float:
    """Adds two numbers."""
    return a + b


@mcp.tool
async def slow(ctx: Context, steps: int = 5, pause_ms: int = 100) -> str:
    """Takes its time and reports progress after each step."""
    for step in range(steps):
        await asyncio.sleep(pause_ms / 1000)
        await ctx.report_progress(step + 1, steps, f"step {step + 1} of {steps}")
    return f"{steps} steps done"


@mcp.tool(annotations={"destructiveHint": True})
def fail(reason: str = "it was asked to") -> str:
    """Always fails, with the reason given."""
    raise ToolError(f"failed: {reason}")


@mcp.tool
def book(ctx: Context) -> str | InputRequiredResult:
    """Asks where to, then how, then says both."""
    answers = ctx.input_responses or {}
    if ctx.request_state is None:
        return ask("city", {"type": "string", "minLength": 2}, "")
    if "city" in answers:
        return ask("seat", {"type": "string", "enum": ["window", "aisle"], "default": "aisle"}, said(answers["city"]))
    return f"city {ctx.request_state}, seat {said(answers['seat'])}"


def ask(field: str, schema: dict, state: str) -> InputRequiredResult:
    """Wants one field, and `state` back."""
    form = {"type": "object", "properties": {field: schema}, "required": [field]}
    params = ElicitRequestFormParams(message=f"Which {field}?", requested_schema=form)
    return InputRequiredResult(input_requests={field: ElicitRequest(params=params)}, request_state=state)


def said(answer: ElicitResult) -> str:
    """What was answered, or the word for that nothing was."""
    return next(iter(answer.content.values())) if answer.action == "accept" else answer.action


def png() -> bytes:
    """A red square of eight pixels, without an imaging library."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xff\0\0" * 8) * 8
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@mcp.tool(annotations={"readOnlyHint": True})
def image() -> Image:
    """A small red square as PNG."""
    return Image(data=png(), format="png")


@mcp.tool
async def count() -> int:
    """Counts one up, and tells whoever watches note://counter."""
    global counter
    counter += 1
    await bus.publish(ResourceUpdated(uri="note://counter"))
    return counter


@mcp.resource("note://counter", mime_type="text/plain")
def counted() -> str:
    """How often was counted."""
    return str(counter)


@mcp.resource("note://today", title="Today", mime_type="text/plain")
def today() -> str:
    """What there is to do."""
    return "first line\nsecond line"


@mcp.resource("note://red", mime_type="image/png")
def red() -> bytes:
    """The small red square."""
    return png()


@mcp.resource("note://page/{n}", mime_type="text/markdown")
def page(n: str) -> str:
    """One page."""
    return f"# page {n}"


@mcp.prompt(title="Greet")
def greet(who: str, how: str = "Hello") -> str:
    """Greets somebody."""
    return f"{how}, {who}!"


if __name__ == "__main__":
    if sys.argv[1:] == ["stdio"]:
        mcp.run("stdio", show_banner=False)
    else:
        mcp.run("http", host="127.0.0.1", port=int(sys.argv[1]), show_banner=False)
