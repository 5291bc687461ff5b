"""JSON Schemas as hosts and models read them: derived from pydantic, without what only pydantic needs."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema


def plain_schema(model: type[BaseModel], mode: JsonSchemaMode = "validation") -> dict[str, Any]:
    """Return the schema of `model`: one object, references inlined, no generated titles, no null branches.

    An optional field is one that may be left out, so no type and no default is null. A model's docstring is for those
    who read its code; a field says what a caller needs in its own description.

    Hosts put all of `tools/list` before their models, so an answer's schema (`mode` serialization) has only what it takes
    to read and check one: fields that are always there are not listed, a list of values needs no type, and `outcome`,
    whose values are the same for every tool, is explained by each answer's own words.
    """
    if mode == "validation":
        return model.model_json_schema(schema_generator=_ArgumentSchema)
    schema = model.model_json_schema(schema_generator=_AnswerSchema, mode=mode)
    schema["properties"]["outcome"] = {"type": "string"}
    return schema


class _ArgumentSchema(GenerateJsonSchema):
    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        # Without its reference a model's schema is written where it is used.
        return super().generate_inner(cast("Any", {key: value for key, value in schema.items() if key != "ref"}))

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return {
            key: value for key, value in super().default_schema(schema).items() if (key, value) != ("default", None)
        }

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return {
            key: value for key, value in super().model_schema(schema).items() if key not in ("title", "description")
        }

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class _AnswerSchema(_ArgumentSchema):
    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return {key: value for key, value in super().literal_schema(schema).items() if key != "type"}

    def field_is_required(self, field: Any, total: bool) -> bool:
        return False
