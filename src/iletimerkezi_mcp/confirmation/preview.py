"""A preview as plain text: the whole deed first, then what to mind, then the rest, last the quoted message."""

from __future__ import annotations

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.sms.escape import escape, escape_line

from .pending_change import Preview

_MARK = "| "

SHORT = 12
"""Lines of quoted text that leave the first line of the preview in sight; below more of them it stands again."""


def render(preview: Preview, language: Language, mode: Text) -> str:
    """`preview` in `language`; `mode` (live or sandbox, and whose account) opens its first line.

    Each line of the quoted text is marked, and what cannot be seen in it is written out, so that a
    message cannot look like a part of the preview; nor can anything that came to stand in another line.
    """
    lines = [escape_line((mode + preview.headline).to(language))]
    lines += ["! " + escape_line(warning.to(language)) for warning in preview.warnings]
    lines += ["- " + escape_line(detail.to(language)) for detail in preview.details]
    if preview.quoted is not None:
        lines.append(Text("The text:", "Metin:").to(language))
        quoted = preview.quoted.split("\n")
        lines += [_MARK + escape(line) for line in quoted]
        if len(quoted) > SHORT:
            lines.append(lines[0])
    return "\n".join(lines)
