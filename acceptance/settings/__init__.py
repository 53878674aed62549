"""The settings of a run: one typed object, from behave's `-D`, the environment, or the defaults.

The kit's own are in `Settings`. A system's are a subclass of `SystemSettings` in its module `settings`; a run gets them
with `settings.of(ItsSettings)`.
"""

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeVar, get_args, get_origin

from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from acceptance.masking import remember_secret
from acceptance.profile import Profile
from acceptance.registry import known, module_of
from acceptance.trouble import Trouble

ENVIRONMENT_PREFIX = "ACCEPTANCE_"
FOREIGN_PREFIXES = ("AllureFormatter.",)
PAGE = "docs/settings.md"
# How the description of a setting ends that names a part of a deployed system.
_FOUND = "; default: found"

Models = Mapping[str, type["SystemSettings"]]  # by the systems' names
_S = TypeVar("_S", bound="SystemSettings")


class _Base(BaseSettings):
    """Values by name. Without `read_settings` they are read from nowhere else."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        enable_decoding=False,  # a value is one text, not JSON
        hide_input_in_errors=True,  # it may be a secret
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Accept given values only: `read_settings` chooses from the command line and the environment."""
        return (init_settings,)

    @classmethod
    def prefix(cls) -> str:
        """Return the common prefix of these settings' names."""
        return str(cls.model_config.get("env_prefix", ""))


class SystemSettings(_Base):
    """A system's own settings. A subclass names the prefix of them all:

        class BookingsSettings(SystemSettings, env_prefix="bookings_"):
            table: str = Field(default="", description="name of the table of the bookings; default: found by its name")

    A field has a type (text, number, yes or no, one of a few words; `SecretStr` for what only the environment may
    give), `ge` and `le` where it is a number, and a description. If the default depends on the target, it is None or
    "", and the description ends with `; default: …`.
    """

    former_environment_prefix: ClassVar[str] = ""  # the former prefix of the environment variables of all settings
    former_names: ClassVar[Mapping[str, str]] = {}  # fields by their former full names

    _on_aws: bool = PrivateAttr(default=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Refuse a system whose settings would have the names of the kit's."""
        if not cls.prefix():
            raise TypeError(f"{cls.__name__} needs a prefix for its settings: env_prefix=…")

    @property
    def on_aws(self) -> bool:
        """Whether others deployed the system, on a real or a separately run account."""
        return self._on_aws

    def beside(self, run: "Settings") -> Self:
        """Return these settings with the defaults of a run's target."""
        copy = self.model_copy()
        copy._on_aws = run.on_aws
        return copy


class Settings(_Base):
    """The kit's settings of a run. An empty text or None means: find out, or use the target's default."""

    target: Literal["embedded", "aws"] = Field(
        default="embedded", description="where the system runs: embedded, or aws"
    )
    region: str = Field(default="", description="AWS region; default: what boto3 finds, us-east-1 when embedded")
    embedded_port: int = Field(
        default=0, ge=0, le=65535, description="port of the embedded account on 127.0.0.1; 0 takes a free one"
    )
    embedded_secret: SecretStr = Field(
        default=SecretStr(""),
        description="the embedded account's secret access key, for your own tools; default: generated for each run",
    )
    patience: float | None = Field(
        default=None,
        ge=0.1,
        le=3600,
        description="timeout of a wait, in seconds, while anything is under way; default: 20, 60 on aws",
    )
    quiet: float | None = Field(
        default=None,
        ge=0.05,
        le=600,
        description="seconds without an event that prove that nothing happens; default: 0.2, 3 on aws",
    )
    clock_offset: float | None = Field(
        default=None,
        ge=0,
        le=60000,
        description="milliseconds by which the clocks of two AWS services may differ; default: 0, 20 on aws",
    )
    exclusive: bool | None = Field(
        default=None,
        description="run scenarios that change the system for all its users (@exclusive); default: yes, no on aws",
    )
    slow: bool | None = Field(
        default=None,
        description="run scenarios that wait for the system's own time-outs (@slow); default: yes, no on aws",
    )
    chaos: bool | None = Field(
        default=None,
        description="run scenarios that make parts of the system fail (@chaos); default: yes, no on aws",
    )
    load: bool = Field(
        default=False, description="run scenarios that keep up a load for minutes (@load), see docs/load.md"
    )
    load_orders: int = Field(
        default=0, ge=0, description="maximum number of customers in such a scenario; required on aws"
    )
    load_usd: float = Field(default=0.0, ge=0, description="maximum AWS cost of such a scenario, in $; required on aws")
    shuffle: str = Field(
        default="",
        pattern=r"^(yes|no|\d+)?$",
        description="run the scenarios in random order: yes, or a seed; default: no",
        json_schema_extra={"allowed": "yes, no, or a whole number"},
    )
    shard: str = Field(
        default="",
        description="run one part of the selected scenarios, such as 2/5, the second of five; docs/ci.md says how to "
        "merge them; default: all",
        json_schema_extra={"allowed": "a number from 1, a slash, and how many shards there are"},
    )
    durations: str = Field(
        default="",
        description="file with recorded durations for balancing shards, the same for all of them; "
        "default: features/durations.json, if it exists",
    )
    weather: Literal["none", "calm", "aws", "rain", "storm", "any"] = Field(
        default="none",
        description="conditions of the embedded account, see docs/weather.md; any: chosen by the seed",
    )
    weather_seed: int | None = Field(
        default=None, ge=0, description="seed that repeats a weather; default: random, and printed"
    )
    profile: str = Field(
        default="",
        description="file with the profile of a deployed system, see docs/profiles.md; several are separated by commas",
    )
    results: str = Field(default="", description="folder of Allure's raw results; default: reports/allure-results")
    report: bool = Field(default=True, description="render the HTML report at the end of the run")
    trace: bool = Field(default=False, description="show stack traces of environment errors and failures")

    _systems: dict[type[SystemSettings], SystemSettings] = PrivateAttr(default_factory=dict)
    _profiles: Mapping[str, Profile] = PrivateAttr(default_factory=dict)
    _notice: str = PrivateAttr(default="")
    _elsewhere: str = PrivateAttr(default="")

    def of(self, model: type[_S]) -> _S:
        """Return a system's own settings; settings that were not read have the defaults for this target."""
        found = self._systems.get(model)
        return found if isinstance(found, model) else model().beside(self)

    def with_system(self, system: SystemSettings) -> Self:
        """Return these settings with a system's own."""
        copy = self.model_copy()
        copy._systems = {**self._systems, type(system): system.beside(self)}
        return copy

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """The profiles that the run was given, by the names of their systems."""
        return self._profiles

    def with_profile(self, profile: Profile) -> Self:
        """Return these settings with the profile of a system, but without its values of the system's settings."""
        copy = self.model_copy()
        copy._profiles = {**self._profiles, profile.system: profile}
        return copy

    def refuse_parts_elsewhere(self) -> None:
        """Raise Trouble if a profile names parts of a deployed system, and the run deploys its own."""
        if self._elsewhere:
            raise Trouble(self._elsewhere)

    @property
    def notice(self) -> str:
        """Report which former names were used, and their present names; "" if none was."""
        return self._notice

    @property
    def on_aws(self) -> bool:
        """Whether others deployed the system, on a real or a separately run account."""
        return self.target == "aws"

    @property
    def like_aws(self) -> bool:
        """Whether the account answers with AWS's delays and repetitions: on aws, and embedded in weather."""
        return self.on_aws or self.weather != "none"

    @property
    def patience_seconds(self) -> float:
        """How long `eventually` waits, in seconds."""
        return self.patience if self.patience is not None else (60.0 if self.like_aws else 20.0)

    @property
    def quiet_seconds(self) -> float:
        """How long `never` listens after its sentinel event, in seconds."""
        return self.quiet if self.quiet is not None else (3.0 if self.like_aws else 0.2)

    @property
    def clock_offset_ms(self) -> float:
        """How far the clocks of two services may differ, in ms. An embedded account has only one clock."""
        return self.clock_offset if self.clock_offset is not None else (20.0 if self.like_aws else 0.0)

    @property
    def exclusive_allowed(self) -> bool:
        """Whether scenarios may change what others see (@exclusive)."""
        return self.exclusive if self.exclusive is not None else not self.on_aws

    @property
    def slow_allowed(self) -> bool:
        """Whether scenarios may wait for the system's own timeouts."""
        return self.slow if self.slow is not None else not self.on_aws

    @property
    def chaos_allowed(self) -> bool:
        """Whether scenarios may make parts of the system fail."""
        return self.chaos if self.chaos is not None else not self.on_aws


class Setting(NamedTuple):
    """One setting: its full name, and its model and field."""

    name: str
    model: type[_Base]
    field: FieldInfo

    @property
    def variable(self) -> str:
        """The variable of the environment that gives it."""
        return variable(self.name)

    @property
    def secret(self) -> bool:
        """Whether only the environment may give it."""
        return self.field.annotation is SecretStr

    @property
    def allowed(self) -> str:
        """The accepted values, in words; "" for any text."""
        extra = self.field.json_schema_extra
        if isinstance(extra, dict) and "allowed" in extra:
            return str(extra["allowed"])
        kinds = [kind for kind in get_args(self.field.annotation) if kind is not NoneType] or [self.field.annotation]
        if get_origin(self.field.annotation) is Literal:
            return "one of " + ", ".join(map(str, kinds))
        if kinds == [bool]:
            return "yes or no"
        if kinds in ([int], [float]):
            least = [limit.ge for limit in self.field.metadata if hasattr(limit, "ge")]
            most = [limit.le for limit in self.field.metadata if hasattr(limit, "le")]
            return " ".join(["a number", *(f"from {limit}" for limit in least), *(f"to {limit}" for limit in most)])
        return ""


@cache
def models_of_systems() -> Models:
    """Return the settings of each system that can be found, by the systems' names."""
    found: dict[str, type[SystemSettings]] = {}
    for name in sorted(known()):
        module = module_of(name, "settings")
        for kind in vars(module).values() if module is not None else ():
            if _is_defined_in(module, kind):
                found[name] = kind
    return found


def _is_defined_in(module: Any, kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, SystemSettings) and kind.__module__ == module.__name__


def all_settings(models: Models | None = None) -> Mapping[str, Setting]:
    """Return every setting by its name: the kit's, then those of each system. Raises Trouble if two have one name."""
    systems = models_of_systems() if models is None else models
    found: dict[str, Setting] = {}
    everyone: tuple[type[_Base], ...] = (Settings, *systems.values())
    for model in everyone:
        for field_name, field in model.model_fields.items():
            name = model.prefix() + field_name
            if name in found:
                raise Trouble(f"Two settings are called {name}: of {found[name].model.__name__}, {model.__name__}.")
            found[name] = Setting(name, model, field)
    return found


def variable(name: str) -> str:
    """Return the variable of the environment that gives a setting."""
    return ENVIRONMENT_PREFIX + name.upper()


def environment_prefixes(models: Models | None = None) -> tuple[str, ...]:
    """Return the prefixes of the environment variables that are settings, by present and former names."""
    systems = models_of_systems() if models is None else models
    former = {model.former_environment_prefix for model in systems.values()} - {""}
    return (ENVIRONMENT_PREFIX, *sorted(former))


def given(userdata: Mapping[str, str], name: str) -> str | None:
    """Read one setting as given, for callers that need it before all are read and checked; None if it was not given."""
    named = (os.environ.get(prefix + name.upper()) for prefix in environment_prefixes())
    return userdata.get(name, next((value for value in named if value is not None), None))


def read_settings(
    userdata: Mapping[str, str],
    environ: Mapping[str, str] | None = None,
    models: Models | None = None,
    profile_kind_of: Callable[[str], type[Profile]] | None = None,
) -> Settings:
    """Read the settings: `-D name=value` before `ACCEPTANCE_NAME=value` before a profile's parts before the default.

    `models` are the systems' own settings, by the systems' names; default: of all systems that can be found.
    `profile_kind_of` returns the kind of a system's profile; default: the one that the system names.
    Raises Trouble with a sentence for a name that is unknown, a value that is not allowed, or a mistake in a profile.
    """
    systems = models_of_systems() if models is None else models
    names = _Names(systems)
    values = names.from_environment(os.environ if environ is None else environ) | names.from_command_line(userdata)
    run = _read(Settings, values, names)
    run._notice = names.notice
    _refuse_weather_elsewhere(run)
    if run.profile:
        from acceptance.profile.reading import read_profiles  # imports the systems, which no other settings need

        run._profiles = read_profiles(run.profile, profile_kind_of)
    for profile in run._profiles.values():
        model = systems.get(profile.system)
        values |= names.from_profile(profile, model, values)
        if model and not run.on_aws and not values.get(f"{model.prefix()}template"):
            run._elsewhere = run._elsewhere or _parts_elsewhere(profile, model)
    run._systems = {model: _read(model, values, names).beside(run) for model in systems.values()}
    return run


def _refuse_weather_elsewhere(run: Settings) -> None:
    if run.on_aws and run.weather != "none":
        raise Trouble(
            f"The weather {run.weather} is made before an embedded account only, and this run's target is aws.",
            "Leave the setting weather out. For an emulator of your own: python -m acceptance.weather, see "
            "docs/weather.md.",
        )


def _parts_elsewhere(profile: Profile, model: type[SystemSettings]) -> str:
    """Report which parts a profile names in vain, because the run deploys the system itself; "" if none."""
    named = [
        part for part, value in profile.parts.items() if value and _FOUND in str(model.model_fields[part].description)
    ]
    if not named:
        return ""
    return (
        f"{profile.at('parts', named[0])}: The profile names parts of a deployed system ({', '.join(named)}), and this "
        "run deploys its own: add -D target=aws."
    )


class _Names:
    """The present and former names of settings. Collects which former ones were used."""

    def __init__(self, models: Models) -> None:
        self.settings = all_settings(models)
        self._prefixes = environment_prefixes(models)
        self._former = {
            name: model.prefix() + field for model in models.values() for name, field in model.former_names.items()
        }
        self._renamed: list[str] = []
        self.places: dict[str, str] = {}  # of a profile's values: file and line

    @property
    def notice(self) -> str:
        return f"Some settings have new names: write {'; '.join(self._renamed)}." if self._renamed else ""

    def from_command_line(self, userdata: Mapping[str, str]) -> dict[str, str]:
        """Return the values of `-D`, by present names."""
        ours = {name: value for name, value in userdata.items() if not name.startswith(FOREIGN_PREFIXES)}
        for name in ours:
            today = self._former.get(name, name)
            if today in self.settings and self.settings[today].secret:
                raise Trouble(
                    f"-D {name} would show a secret to anyone who can list processes. "
                    f"Set the environment variable {variable(today)} instead."
                )
        return self._by_name([(name, f"-D {name}", value) for name, value in ours.items()], lambda name: f"-D {name}")

    def from_environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the values of the environment, by present names."""
        ours = [
            (key.removeprefix(prefix).lower(), key, value)
            for prefix in reversed(self._prefixes)  # the present one is the last one, and counts
            for key, value in environ.items()
            if key.startswith(prefix)
        ]
        return self._by_name(ours, variable)

    def from_profile(
        self, profile: Profile, model: type[SystemSettings] | None, given: Mapping[str, str]
    ) -> dict[str, str]:
        """Return a profile's values of its system's settings that are not given otherwise, by their full names."""
        found: dict[str, str] = {}
        for part, value in profile.parts.items():
            place = profile.at("parts", part)
            if model is None or part not in model.model_fields:
                near = difflib.get_close_matches(part, model.model_fields if model else (), n=1)
                hint = f"Did you mean {near[0]}?" if near else f"{PAGE} lists the settings."
                raise Trouble(f"{place}: “{part}” is no setting of {profile.system}. {hint}")
            name = model.prefix() + part
            if self.settings[name].secret:
                raise Trouble(f"{place}: “{part}” is a secret. Set the environment variable {variable(name)} instead.")
            if name not in given:
                found[name] = value
                self.places[name] = place
        return found

    def _by_name(self, ours: Iterable[tuple[str, str, str]], spell: Callable[[str], str]) -> dict[str, str]:
        """Return the values by present names. `ours` are names, the names as written, and values."""
        found: dict[str, str] = {}
        for name, written, value in sorted(ours, key=lambda one: one[0] not in self._former):  # present names count
            today = self._former.get(name, name)
            if today not in self.settings:
                raise self._unknown(name, written, spell)
            if written != spell(today):
                self._renamed.append(f"{spell(today)} for {written}")
            found[today] = str(value).strip()
        return found

    def _unknown(self, name: str, written: str, spell: Callable[[str], str]) -> Trouble:
        near = difflib.get_close_matches(name, [*self.settings, *self._former], n=1)
        if not near:
            return Trouble(f"No setting is called {written}. {PAGE} lists the settings.")
        meant = spell(self._former.get(near[0], near[0])).removeprefix("-D ")
        return Trouble(f"No setting is called {written}. Did you mean {meant}?")


_B = TypeVar("_B", bound=_Base)


class _ByName(EnvSettingsSource):
    """Takes a model's fields from values by their full names."""

    def __init__(self, model: type[BaseSettings], values: Mapping[str, str]) -> None:
        super().__init__(model)
        self.env_vars = values


def _read(model: type[_B], values: Mapping[str, str], names: _Names) -> _B:
    try:
        read = model(**_ByName(model, values)())
    except ValidationError as error:
        wrong = names.settings[model.prefix() + str(error.errors()[0]["loc"][0])]
        refusal = _refusal(wrong, values[wrong.name], error.errors()[0]["msg"])
        raise Trouble(f"{names.places[wrong.name]}: {refusal}") if wrong.name in names.places else refusal from None
    for secret in _secrets(read):
        remember_secret(secret)
    return read


def _secrets(model: _Base) -> Iterator[str]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()


def _refusal(setting: Setting, text: str, reason: str) -> Trouble:
    shown = "what is given" if setting.secret else f'"{text}"'
    wanted = f"it is {setting.allowed}" if setting.allowed else reason[:1].lower() + reason[1:]
    return Trouble(f"The setting {setting.name} cannot be {shown}: {wanted} ({setting.field.description}).")
