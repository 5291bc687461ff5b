"""The one way to a changing call: preview, confirm, act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from iletimerkezi_mcp.api.client import ApiClient
from iletimerkezi_mcp.api.errors import ApiError
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import Settings

from .carry import Carrier
from .codes import CODE_LIFE, Codes, Verdict
from .deed import Deed
from .preview import render

Outcome = Literal["preview", "done", "declined", "held_back", "nothing_done", "refused", "unknown"]

_MINUTES = int(CODE_LIFE.total_seconds() // 60)

_ASK = Text(
    "Show this preview to the user word for word and end your turn; repeat the call with the code in confirm "
    "only after they agree in a message of their own.",
    "Bu önizlemeyi kullanıcıya kelimesi kelimesine gösterin ve sıranızı bitirin; kullanıcı kendi mesajıyla "
    "onayladıktan sonra çağrıyı confirm alanındaki kodla yineleyin.",
)

_NOT_GOOD: dict[Verdict, Text] = {
    Verdict.UNKNOWN: Text("This code was not handed out here", "Bu kod buradan verilmedi"),
    Verdict.EXPIRED: Text("This code has expired", "Bu kodun süresi doldu"),
    Verdict.OTHER_DEED: Text(
        "This code was given for other arguments, and what is confirmed is what is done",
        "Bu kod başka argümanlar için verildi; ne onaylandıysa o yapılır",
    ),
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a changing call. `shown` is the preview's text, where there is one to show."""

    outcome: Outcome
    summary: Text
    next_step: Text
    code: int | None = None
    order_id: str | None = None
    confirm: str | None = None
    shown: str | None = None


class Gate:
    """Decides whether a deed is previewed or carried out."""

    def __init__(self, settings: Settings, client: ApiClient, codes: Codes, carrier: Carrier) -> None:
        self._settings = settings
        self._client = client
        self._codes = codes
        self._carrier = carrier

    async def rule(self, deed: Deed, confirm: str | None) -> Ruling:
        """Preview `deed` where `confirm` is None, carry it out where it is this deed's own unused code."""
        if confirm is None:
            return self._preview(deed)
        verdict = self._codes.spend(confirm, deed.digest)
        if verdict is Verdict.GOOD:
            return await self._act(deed)
        if verdict is Verdict.USED:
            return Ruling(
                "nothing_done",
                Text(
                    "This code was used already, and works once; nothing more was done.",
                    "Bu kod zaten kullanıldı ve bir kez geçer; başka bir şey yapılmadı.",
                ),
                Text("See what came of the first call before anything else.", "Önce ilk çağrının sonucuna bakın."),
            )
        return self._preview(deed, instead_of=verdict)

    def _preview(self, deed: Deed, instead_of: Verdict | None = None) -> Ruling:
        summary = Text(
            f"Nothing has been done yet; the code is good for {_MINUTES} minutes, for exactly this.",
            f"Henüz hiçbir şey yapılmadı; kod {_MINUTES} dakika ve yalnızca bu işlem için geçerli.",
        )
        if instead_of is not None:
            summary = _NOT_GOOD[instead_of] + Text(
                "; nothing was done. Here is a new preview with a new code.",
                "; hiçbir şey yapılmadı. Yeni önizleme ve yeni kod aşağıda.",
            )
        return Ruling(
            "preview" if instead_of is None else "nothing_done",
            summary,
            _ASK,
            confirm=self._codes.issue(deed.digest),
            shown=render(deed.preview, self._settings.language, self._mode()),
        )

    def _mode(self) -> Text:
        if self._settings.sandbox:
            return Text("SANDBOX, nothing real: ", "DENEME ORTAMI, gerçek değil: ")
        key = self._settings.api_key.get_secret_value() if self._settings.api_key else ""
        return Text(f"LIVE, key …{key[-4:]}: ", f"CANLI, anahtar …{key[-4:]}: ")

    async def _act(self, deed: Deed) -> Ruling:
        try:
            done = await self._carrier.carry(lambda begun: deed.act(self._client, begun))
        except ApiError as error:
            return self._failed(deed, error)
        return Ruling("done", done.summary, done.next_step, order_id=done.order_id)

    def _failed(self, deed: Deed, error: ApiError) -> Ruling:
        if error.happened == "unknown":
            return Ruling(
                "unknown",
                Text("It may have been done: ", "Yapılmış olabilir: ") + error.what,
                Text("Do not repeat it. ", "Yinelemeyin. ") + deed.look_for,
                error.code,
            )
        if error.happened == "refused":
            said = Text("The provider refused, and nothing was done: ", "Sağlayıcı reddetti, hiçbir şey yapılmadı: ")
            return Ruling("refused", said + error.what, error.next_step, error.code)
        said = Text("Nothing was done: ", "Hiçbir şey yapılmadı: ")
        return Ruling("nothing_done", said + error.what, error.next_step, error.code)
