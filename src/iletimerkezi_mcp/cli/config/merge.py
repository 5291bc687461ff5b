"""The text of a host's file with this server in it, and all else as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import Text

from . import jsonc, tomls
from .block import block, entry, inputs
from .errors import ShapeError, UnreadableError
from .host import Format, Host
from .launch import Launch, Secrets


def merged(host: Host, launch: Launch, path: Path, text: str, secrets: Secrets | None = None) -> str:
    """`text`, the content of `path`, with the entry in it.

    An entry of that name that is there already gets the launch line; what else it holds stays, and so do its patience
    and credentials that somebody has written into it, unless `secrets` gives new ones. Merging twice changes nothing. Raises
    :class:`.UnreadableError` and :class:`.ShapeError`.
    """
    if not text.strip("\ufeff \t\r\n"):
        return block(host, launch, secrets)
    try:
        return (_toml if host.format is Format.TOML else _json)(host, launch, text, secrets)
    except jsonc.NotJsonError as problem:
        why = Text(f"line {problem.line} is not JSON", f"{problem.line}. satır JSON değil")
        raise UnreadableError(path, why) from None
    except tomls.NotTomlError:
        raise UnreadableError(path, Text("it is not TOML", "TOML değil")) from None
    except (jsonc.OccupiedError, tomls.OccupiedError) as occupied:
        raise ShapeError(path, str(occupied)) from None


def _json(host: Host, launch: Launch, text: str, secrets: Secrets | None) -> str:
    document = jsonc.read(text).value
    own = [host.key, launch.name]
    present = _within(document, *own)
    wanted = entry(host, launch, secrets)
    if present is None:
        changed = jsonc.put(text, own, wanted)
    else:
        changed = text
        variables = wanted.pop("env", {})
        for name, value in wanted.items():
            if name in host.patience and _within(present, name) is not None:
                continue
            changed = jsonc.put(changed, [*own, name], value)
        for variable, value in variables.items():
            if secrets is not None or not _within(present, "env", variable):
                changed = jsonc.put(changed, [*own, "env", variable], value)
    return _asking(host, launch, changed, secrets)


def _asking(host: Host, launch: Launch, text: str, secrets: Secrets | None) -> str:
    """`text` with the inputs that its entry refers to, where they are missing."""
    document = jsonc.read(text).value
    for one in inputs(host, launch, secrets):
        asked = _within(jsonc.read(text).value, "inputs")
        if _within(document, host.key, launch.name, "env", one["id"]) != host.referring(one["id"]):
            continue
        if asked is None:
            text = jsonc.put(text, ["inputs"], [one])
        elif not isinstance(asked, list) or not any(_within(other, "id") == one["id"] for other in asked):
            text = jsonc.append(text, ["inputs"], one)
    return text


def _toml(host: Host, launch: Launch, text: str, secrets: Secrets | None) -> str:
    own = [host.key, launch.name]
    document = tomls.read(text)
    present = _within(document, *own) or {}
    wanted = entry(host, launch, secrets)
    forwarded = _within(present, "env_vars")
    forwarded = forwarded if isinstance(forwarded, list) else []
    wanted = {name: value for name, value in wanted.items() if name not in host.patience or name not in present}
    gone = []
    if secrets is None:
        missing = [
            name for name in wanted.pop("env_vars", []) if not _within(present, "env", name) and name not in forwarded
        ]
        if missing:
            wanted["env_vars"] = [*forwarded, *missing]
    else:
        others = [name for name in forwarded if name not in secrets]
        if others:
            wanted["env_vars"] = others
        else:
            gone.append("env_vars")
        if tomls.has_table(text, [*own, "env"]):
            text = tomls.put(text, [*own, "env"], wanted.pop("env"))
        else:
            wanted["env"] = {**(_within(present, "env") or {}), **wanted["env"]}
    return tomls.put(text, own, wanted, gone)


def _within(document: Any, *path: str) -> Any:
    """What stands at `path`, or None."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document
