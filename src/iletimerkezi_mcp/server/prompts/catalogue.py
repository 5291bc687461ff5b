"""The prompts that are offered, and one of them written out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import mcp.types as mcp_types
from mcp import MCPError

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.server.resources.reader import Reader
from iletimerkezi_mcp.sms.escape import cut
from iletimerkezi_mcp.tools.context import ServerContext

from .jobs import PROMPTS
from .list_jobs import LIST_PROMPTS
from .prompt import LANGUAGE, Prompt

MAX_NAME = 60
"""Characters of a name that an error repeats."""


class OfferedPrompts:
    """The prompts whose tools are all among `tools`, in the operator's language. `reader` reads what they embed."""

    def __init__(self, context: ServerContext, reader: Reader, tools: Collection[str]) -> None:
        self.context = context
        self.reader = reader
        offered = [prompt for prompt in (*PROMPTS, *LIST_PROMPTS) if all(name in tools for name in prompt.needs)]
        self._prompts = {prompt.name: prompt for prompt in offered}
        self._language = context.settings.language

    def specs(self) -> list[mcp_types.Prompt]:
        return [prompt.spec(self._language) for prompt in self._prompts.values()]

    def get(self, name: str) -> Prompt:
        """Return the prompt of this name. Raises :class:`MCPError`, invalid params, if there is none."""
        prompt = self._prompts.get(name)
        if prompt is None:
            raise self.invalid(
                Text(
                    "There is no prompt of this name. The prompts are: {names}.",
                    "Bu adda bir prompt yok. Olanlar: {names}.",
                ).format(names=", ".join(self._prompts))
            )
        return prompt

    async def write(self, name: str, arguments: Mapping[str, str], caller: Caller) -> mcp_types.GetPromptResult:
        """Return the prompt with its arguments; a blank argument counts as absent. Raises :class:`MCPError`."""
        prompt = self.get(name)
        plain = self.context.redactor.text
        values = {cut(plain(key), MAX_NAME): plain(value).strip() for key, value in arguments.items() if value.strip()}
        if (problem := prompt.problem(values)) is not None:
            raise self.invalid(
                Text(
                    "{problem} The arguments of {prompt} are: {names}.", "{problem} {prompt} parametreleri: {names}."
                ).format(problem=problem, prompt=name, names=prompt.argument_names())
            )
        language: Language = "tr" if values.get(LANGUAGE.name, self._language) == "tr" else "en"
        text = prompt.write(values, self.context.clock()).to(language)
        contents: list[mcp_types.ContentBlock] = [mcp_types.TextContent(type="text", text=text)]
        for uri in prompt.embeds:
            result = await self.reader.read(uri, caller)
            contents += [mcp_types.EmbeddedResource(type="resource", resource=content) for content in result.contents]
        return mcp_types.GetPromptResult(
            description=prompt.description.to(language),
            messages=[mcp_types.PromptMessage(role="user", content=content) for content in contents],
        )

    def invalid(self, reason: Text) -> MCPError:
        return MCPError(mcp_types.INVALID_PARAMS, reason.to(self._language))
