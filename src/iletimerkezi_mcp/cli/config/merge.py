"""The text of a host's file with this server in it, and all else as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import jsonc, toml
from .block import block, entry, inputs
from .host import Format, Host
from .launch import Launch, Secrets


def merged(host: Host, launch: Launch, text: str, secrets: Secrets | None = None) -> str:
    """Return `text`, the content of the host's file, with the entry in it.

    An entry of that name that is there already gets the launch line. Its other members stay, and so do its timeouts
    and the credentials that a person has written into it, unless `secrets` gives new ones. Merging twice changes
    nothing. Raises :class:`.HostFileError`.
    """
    if not text.strip("\ufeff \t\r\n"):
        return block(host, launch, secrets)
    table = [host.key, launch.name]
    if host.format is Format.TOML:
        return toml.put(text, table, _changes(host, launch, _member(toml.read(text), table), secrets))
    for path, value in _changes(host, launch, _member(jsonc.read(text).value, table), secrets).items():
        text = jsonc.put(text, [*table, *path], value)
    return _with_inputs(host, launch, text, secrets)


def _changes(host: Host, launch: Launch, present: Any, secrets: Secrets | None) -> dict[tuple[str, ...], Any]:
    """Return what has to be set in the entry `present` (None if there is none), by path; None for what has to go."""
    changes: dict[tuple[str, ...], Any] = {}
    forwarded = _member(present, ["env_vars"])
    forwarded = forwarded if isinstance(forwarded, list) else []
    for name, value in entry(host, launch, secrets).items():
        if name == "env":
            for variable, reference in value.items():
                if secrets is not None or not _member(present, ["env", variable]):
                    changes["env", variable] = reference
        elif name == "env_vars":
            missing = [one for one in value if one not in forwarded and not _member(present, ["env", one])]
            if missing:
                changes["env_vars",] = [*forwarded, *missing]
        elif name not in host.timeouts or _member(present, [name]) is None:
            changes[name,] = value
    if secrets is not None and forwarded:
        changes["env_vars",] = [name for name in forwarded if name not in secrets] or None
    return changes


def _with_inputs(host: Host, launch: Launch, text: str, secrets: Secrets | None) -> str:
    """Return `text` with the inputs that its entry refers to, as far as they are missing."""
    for prompt in inputs(host, launch, secrets):
        variable = prompt["id"]
        document = jsonc.read(text).value
        if _member(document, [host.key, launch.name, "env", variable]) != host.reference_to(variable):
            continue
        present = _member(document, ["inputs"])
        present = present if isinstance(present, list) else []
        if all(_member(other, ["id"]) != variable for other in present):
            text = jsonc.put(text, ["inputs", len(present)], prompt)
    return text


def _member(document: Any, path: Sequence[str]) -> Any:
    """Return the value at `path`, or None."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document
