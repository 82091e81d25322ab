"""The interface as an OpenAPI 3.1 document, with the model's labels and the server's limits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import stance
from stance.labels import column_nouns
from stance.model import ModelConfig
from stance.server.jobs import EXPORT_FORMATS
from stance.server.limits import NAME_LENGTH, Limits
from stance.statements import KINDS, Event

__all__ = ["openapi"]

Schema = dict[str, Any]
_ERRORS = {
    "400": "The body is not JSON, or nested too deeply.",
    "408": "The body did not arrive in time.",
    "413": "The body has too many bytes.",
    "415": "The body is not declared as JSON.",
    "422": "The JSON is not what is asked for, or too long.",
    "503": "The server is busy, or the work took too long; Retry-After says when to try again.",
}
_TEXT = "حذرت كندا إيران من إغلاق المضيق."


def openapi(config: ModelConfig, limits: Limits) -> Schema:
    """Describe the interface.

    Parameters
    ----------
    config : ModelConfig
        Of the model that is served.
    limits : Limits

    Returns
    -------
    dict
        The document, without ``servers``.
    """
    paths = {"/v1/predict": {"post": _predict(config, limits)}}
    schemas = {"Error": _error(), "Prediction": _prediction(config)}
    if not config.paired:
        paths["/v1/read"] = {"post": _read(config, limits)}
        paths["/v1/export"] = {"post": _export(config, limits)}
        schemas |= {"Statement": _statement(config)}
        schemas |= {"Event": _event(config)} if config.stances else {}  # events are made of stances
    text = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    state = _object({name: {"type": "string"} for name in ("status", "version", "model")})
    paths["/healthz"] = {"get": _get("Tell whether the server answers", _json(state))}
    paths["/metrics"] = {"get": _get("Counts in the text format of Prometheus", text)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "stance",
            "version": stance.__version__,
            "description": "Stance and sentiment of statements in Arabic news. A stance is a speech act, "
            "not favour or opposition.",
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _predict(config: ModelConfig, limits: Limits) -> Schema:
    texts = {
        "type": "array",
        "maxItems": limits.texts,
        "items": {"type": "string", "maxLength": limits.characters},
    }
    asked = {"texts": texts} | _margin(config, "text")
    example: Schema = {"texts": [_TEXT]}
    if config.paired:
        about = "What each text's labels are about; as many as texts."
        asked["targets"] = texts | {"description": about}
        example["targets"] = [config.targets[0] if config.targets else _TEXT]
    wanted = ["texts", "targets"] if config.paired else ["texts"]
    given = _object({"predictions": {"type": "array", "items": _ref("Prediction")}})
    return _post("Label texts, as stance label does", _object(asked, wanted), example, _json(given))


def _read(config: ModelConfig, limits: Limits) -> Schema:
    given: Schema = {"file": {"type": "string"}, "statements": {"type": "array", "items": _ref("Statement")}}
    found = "its statements"
    if config.stances:
        given["events"] = {"type": "array", "items": _ref("Event")}
        found += " and events"
    about = f"Read an article: {found}, as stance read does"
    return _post(about, _object(_article(config, limits), ["text"]), {"text": _TEXT}, _json(_object(given)))


def _export(config: ModelConfig, limits: Limits) -> Schema:
    asked = _article(config, limits) | {"format": {"enum": list(EXPORT_FORMATS)}}
    without: Schema = {}
    if config.stances:
        about = "Rows of events, not statements."
        asked["events"] = {"type": "boolean", "default": False, "description": about}
        wrong = {"events": {"const": True}, "format": {"const": "html"}}
        without = {"not": {"properties": wrong, "required": ["events"]}}
    body = _object(asked, ["text", "format"]) | without
    kinds: Schema = {kind.partition(";")[0]: {"schema": {}} for kind in EXPORT_FORMATS.values()}
    return _post(
        "Read an article: the file that stance read writes",
        body,
        {"text": _TEXT, "format": "csv"},
        {"content": kinds},
    )


def _article(config: ModelConfig, limits: Limits) -> Schema:
    return {
        "text": {"type": "string", "minLength": 1, "maxLength": limits.characters},
        "file": {"type": "string", "maxLength": NAME_LENGTH, "default": "article.txt"},
    } | _margin(config, "statement")


def _margin(config: ModelConfig, of: str) -> Schema:
    """Describe the margin, where there are thresholds that it stands around."""
    about = f"Margin in probability: nearer to a threshold than that, a {of} is unsure."
    return {"abstain": _probability() | {"default": 0, "description": about}} if config.stances else {}


def _labels(config: ModelConfig, several: str, one: str, of_one: str) -> Schema:
    found: Schema = {}
    if config.stances:
        found[several] = {"type": "array", "items": _one_of(config.stances)}
    if config.sentiments:
        found[one] = _one_of(config.sentiments)
    for name, labels in (("probabilities", config.stances), (of_one, config.sentiments)):
        if labels:
            found[name] = _object({label: _probability() for label in labels})
    return found


def _prediction(config: ModelConfig) -> Schema:
    several, one = column_nouns(config.stances, config.sentiments)
    found = _labels(config, f"predicted_{several}", f"predicted_{one}", f"{one}_probabilities")
    return _object(found | _unsure(config), list(found))


def _unsure(config: ModelConfig) -> Schema:
    about = "Only with abstain: a stance is too near to its threshold."
    return {"unsure": {"type": "boolean", "description": about}} if config.stances else {}


def _statement(config: ModelConfig) -> Schema:
    strings = ("speaker", "speaker_resolved", "speaker_code", "recipient", "recipient_code", "text")
    found = {name: {"type": "integer", "minimum": 0} for name in ("start", "end")}
    span = {"type": ["array", "null"], "items": found["start"], "minItems": 2, "maxItems": 2}
    found |= dict.fromkeys(("speaker_span", "recipient_span", "cue"), span)
    found |= {
        "content": {"type": "array", "items": span | {"type": "array"}},
        "stances": {"type": "array", "items": _one_of(config.stances)},
        "sentiment": _one_of(config.sentiments),
        "kind": {"enum": ["", *KINDS]},
        "probabilities": _object({label: _probability() for label in config.stances}),
        "sentiment_probabilities": _object({label: _probability() for label in config.sentiments}),
    }
    found |= {name: {"type": "string"} for name in strings}
    return _object(found | _unsure(config), list(found))


def _event(config: ModelConfig) -> Schema:
    kinds: Schema = {"float": _probability(), "int": {"type": "integer", "minimum": 0}}
    found = {f.name: kinds.get(str(f.type), {"type": "string"}) for f in fields(Event)}
    return _object(found | {"stance": _one_of(config.stances)})


def _error() -> Schema:
    inside = {"code": {"type": "string"}, "message": {"type": "string", "description": "One sentence."}}
    return _object({"error": _object(inside)})


def _one_of(labels: Sequence[str]) -> Schema:
    return {"enum": list(labels)} if labels else {"type": "string"}


def _probability() -> Schema:
    return {"type": "number", "minimum": 0, "maximum": 1}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    wanted = list(properties) if required is None else required
    return {"type": "object", "properties": properties, "required": wanted, "additionalProperties": False}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _get(summary: str, given: Schema) -> Schema:
    return {"summary": summary, "responses": {"200": {"description": summary} | given}}


def _post(summary: str, asked: Schema, example: Schema, given: Schema) -> Schema:
    errors = {status: {"description": about} | _json(_ref("Error")) for status, about in _ERRORS.items()}
    content = {"application/json": {"schema": asked, "example": example}}
    return {
        "summary": summary,
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "Done."} | given} | errors,
    }
