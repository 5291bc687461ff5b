"""Arguments for a tool: made from its own JSON Schema, then spoilt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st

CANARY: Final = "SIR-KANARYA-4f1d"
"""Stands in whatever is spoilt: what a tool refuses it does not repeat."""

_PLAUSIBLE: Final = (
    "+905321234567", "0532 123 45 67", "05330000077", "5321234567", "ali@firma.com.tr", "FIRMAADI", "APITEST",
    "312891245", "123456", "2026-11-23", "2026-11-20", "2026-11-27T10:00", "2026-11-20T10:30:00", "2026-11-20 10:30",
    "Siparişiniz yola çıktı.", "Kampanya! %50 indirim", "", " ", "\u200b", "K7Q2M9XW4TBA", "HS_WEB", "1", "0",
)  # fmt: skip
"""Values that one field or another takes for good."""


_LIKELY: Final[Mapping[str, tuple[Any, ...]]] = {
    "recipients": (["+905321234567"], ["0532 123 45 67", "5331112233", "05321234567"]),
    "recipient": ("+905321234567", "ali@firma.com.tr"),
    "number": ("05330000077", "+905330000078"),
    "text": ("Siparişiniz yola çıktı.", "Kodunuz 1234"),
    "sender": ("FIRMAADI",),
    "order_id": ("312891245", "312891246"),
    "start": ("2026-11-20",),
    "end": ("2026-11-23",),
    "send_at": ("2026-11-27T10:00",),
    "added_from": ("2026-11-20", "2026-11-20T10:30"),
    "added_to": ("2026-11-23",),
    "consent_date": ("2026-11-20T10:30:00",),
    "brand_code": ("123456",),
}
"""The values that an argument of this name is meant to hold, so that a good part of the calls gets past every check."""


def text_for(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """Return strings that `schema` allows, plausible ones first."""
    least, most = schema.get("minLength", 0), min(schema.get("maxLength", 200), 300)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    plausible = [value for value in _PLAUSIBLE if least <= len(value) <= most]
    return st.sampled_from(plausible) | st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=most)


def value_for(schema: Mapping[str, Any], root: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that `schema`, a part of `root`, allows."""
    if "$ref" in schema:
        return value_for(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    if "anyOf" in schema:
        return st.one_of([value_for(branch, root) for branch in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    match schema.get("type"):
        case "string":
            return text_for(schema)
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            inner = value_for(schema["items"], root)
            return st.lists(inner, min_size=schema.get("minItems", 0), max_size=min(schema.get("maxItems", 8), 8))
        case "object":
            return object_for(schema, root)
    raise AssertionError(f"the generator does not know {schema}")


def object_for(schema: Mapping[str, Any], root: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects that `schema` allows: every required property, and any of the others."""
    required = schema.get("required", [])
    made = {name: value_for(inner, root) for name, inner in schema.get("properties", {}).items()}
    for name in made.keys() & _LIKELY.keys():
        likely = st.sampled_from(_LIKELY[name])
        made[name] = likely | likely | made[name]
    return st.fixed_dictionaries(
        {name: made[name] for name in made if name in required},
        optional={name: made[name] for name in made if name not in required},
    )


def _nested(depth: int, inside: Any) -> Any:
    for level in range(depth):
        inside = [inside] if level % 2 else {"a": inside}
    return inside


SPOILT: Final = st.one_of(
    st.sampled_from(
        [
            CANARY, CANARY * 5_000, f"{CANARY}\x00", f"\ud83d{CANARY}", f"{CANARY}\u202e", f"\r\n{CANARY}\r\n",
            f"<script>{CANARY}</script>", f"'; DROP TABLE attempts; -- {CANARY}",
            True, False, 0, -1, 10**30, 1.5, float("nan"), float("inf"), -0.0,
            [], {}, [None], [[]], [CANARY] * 300, {CANARY: CANARY}, [{CANARY: 1}], _nested(60, CANARY),
            ["+905321234567"] * 60_000, [0] * 60_000,
        ]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.just(CANARY),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=10,
    ),
)  # fmt: skip
"""Values that fit few fields or none."""

_EXTRA: Final = st.sampled_from(
    ["recipient", "to", "__class__", "self", "Text", "text ", "\x00", "", "é" * 500, "confirm_"]
)


@st.composite
def spoilt(draw: st.DrawFn, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments of which at least one is missing, of another kind, or of no use, unless it happens to fit."""
    given = dict(draw(object_for(schema, schema)))
    for _ in range(draw(st.integers(1, 3))):
        match draw(st.sampled_from(["drop", "put", "put", "within", "add"])):
            case "drop" if given:
                del given[draw(st.sampled_from(sorted(given)))]
            case "put" if schema.get("properties"):
                given[draw(st.sampled_from(sorted(schema["properties"])))] = draw(SPOILT)
            case "within":
                lists = [name for name, value in sorted(given.items()) if isinstance(value, list) and value]
                if lists:
                    name = draw(st.sampled_from(lists))
                    given[name] = [*given[name], draw(SPOILT)]
            case _:
                given[draw(_EXTRA)] = draw(SPOILT)
    return given
