"""The prompts that are offered, and one of them written out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import mcp.types as mcp_types
from mcp import MCPError

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.server.lifespan import LifespanState

from .account import ACCOUNT_CHECK
from .campaign import SEND_CAMPAIGN
from .consents import CONSENT_IMPORT
from .delivery import DELIVERY_REVIEW
from .prompt import LANGUAGE, Prompt

ALL = (SEND_CAMPAIGN, DELIVERY_REVIEW, ACCOUNT_CHECK, CONSENT_IMPORT)

MAX_NAME = 60
"""Characters of a name that an error repeats."""


class Catalogue:
    """The prompts whose `tools` are all offered, in the operator's `language`."""

    def __init__(self, tools: Collection[str], language: Language) -> None:
        self._prompts = {prompt.name: prompt for prompt in ALL if all(name in tools for name in prompt.needs)}
        self._language = language

    def listed(self) -> list[mcp_types.Prompt]:
        """What `prompts/list` shows."""
        return [prompt.spec(self._language) for prompt in self._prompts.values()]

    def get(self, name: str) -> Prompt:
        """The prompt of this name. Raises :class:`MCPError`, invalid params, where there is none."""
        prompt = self._prompts.get(name)
        if prompt is None:
            known = ", ".join(self._prompts)
            raise self.wrong(
                Text(
                    f"There is no prompt of this name. There are: {known}.", f"Bu adda bir istem yok. Olanlar: {known}."
                )
            )
        return prompt

    async def written(
        self, name: str, arguments: Mapping[str, str] | None, running: LifespanState
    ) -> mcp_types.GetPromptResult:
        """The prompt with its arguments; a blank argument is an absent one. Raises :class:`MCPError`."""
        prompt = self.get(name)
        given = {key: value.strip() for key, value in (arguments or {}).items() if value.strip()}
        if (problem := prompt.problem({key[:MAX_NAME]: value for key, value in given.items()})) is not None:
            names = ", ".join(one.name for one in prompt.arguments)
            raise self.wrong(
                problem + Text(f" The arguments of {name} are: {names}.", f" {name} argümanları: {names}.")
            )
        language: Language = "tr" if given.get(LANGUAGE.name, self._language) == "tr" else "en"
        text = running.app.redactor.text(prompt.write(given, running.app.clock()).to(language))
        contents: list[mcp_types.ContentBlock] = [mcp_types.TextContent(type="text", text=text)]
        for uri in prompt.shows:
            read = await running.reader.read(uri)
            contents += [mcp_types.EmbeddedResource(type="resource", resource=part) for part in read.contents]
        return mcp_types.GetPromptResult(
            description=prompt.description.to(language),
            messages=[mcp_types.PromptMessage(role="user", content=content) for content in contents],
        )

    def wrong(self, reason: Text) -> MCPError:
        """The protocol's error for what a caller got wrong."""
        return MCPError(mcp_types.INVALID_PARAMS, reason.to(self._language))
