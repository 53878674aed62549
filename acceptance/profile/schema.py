"""The JSON schema of a system's profile, with which editors complete and check entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from acceptance.profile import Profile
from acceptance.profile.reading import profile_kind_of
from acceptance.settings import SystemSettings, all_settings, models_of_systems

FOLDER = "profiles"
FILE = "schema.json"


def schema_of(system: str) -> str:
    """Return the schema as JSON text. Raises Trouble, with the nearest name, if there is no such system."""
    made = schema(profile_kind_of(system), system, models_of_systems().get(system))
    return f"{json.dumps(made, indent=2, ensure_ascii=False)}\n"


def schema(kind: type[Profile], system: str, settings: type[SystemSettings] | None) -> Mapping[str, Any]:
    """Return the schema of a kind of profile. It includes a system's settings, except secret ones."""
    made = kind.model_json_schema()
    made["properties"]["system"]["const"] = system
    made["properties"]["parts"] = {
        "description": kind.model_fields["parts"].description,
        "type": "object",
        "additionalProperties": False,
        "properties": _parts(settings),
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _parts(settings: type[SystemSettings] | None) -> dict[str, Any]:
    """Return the settings of a system. YAML's type of a value does not matter: the text is read as written."""
    if settings is None:
        return {}
    own = [one for one in all_settings({"": settings}).values() if one.model is settings and not one.secret]
    return {
        one.name.removeprefix(settings.prefix()): {
            "description": ", ".join(filter(None, (one.field.description, one.allowed))),
            "type": ["string", "number", "boolean"],
        }
        for one in own
    }
