"""The configuration: every key with its default, range and meaning, in one typed object."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from encluster.cosmology import Cosmology, MassFunction
from encluster.halos.settings import HaloSettings
from encluster.mocks.settings import MockSettings, SurveySettings
from encluster.network.settings import ArchitectureSettings, FeatureSettings
from encluster.running.consistency import check_number, check_survey
from encluster.settings import Flag, Name, Real, Seed, Settings, SettingsError, Whole, merged
from encluster.training.recipes import TrainingSettings, TrainingSpec, training_spec
from encluster.xray.settings import XraySettings

VARIANTS = Literal["standard", "shuffled", "no_wl", "array_of_ones", "prescriptive"]


class MockSet(Settings):
    """Mock catalogs beside the standard ones: the keys of `survey` and `mocks` that differ."""

    survey: dict[str, Any] = Field({}, description="keys of `survey` that differ")
    mocks: dict[str, Any] = Field({}, description="keys of `mocks` that differ")


class Model(Settings):
    """A model to train: its input, its seed, and the keys of `architecture` and `training` that differ."""

    variant: VARIANTS = Field(description="the network's input (sections 3.2, 4.2; Appendix B)")
    seed: Seed = Field(description="seed of the initial weights, the batches and the dropout")
    architecture: dict[str, Any] = Field({}, description="keys of `architecture` that differ")
    training: dict[str, Any] = Field({}, description="keys of `training` that differ")


class Ensemble(Settings):
    """Repetitions of models with other seeds, for `snakemake ensemble`."""

    models: tuple[str, ...] = Field(("standard",), description="rows of `models`")
    seeds: Whole = Field(
        10,
        ge=1,
        le=1000,
        description="number of seeds, including the row's own; member k is NAME_k with seed + k - 1",
    )
    together: Flag = Field(
        False,
        description="true: one process trains all seeds of a model at once, which uses a GPU fully and needs"
        " KERAS_BACKEND=jax; false: one process per seed, at most one per core at a time",
    )


class Configuration(Settings):
    """All settings that a run depends on.

    Raises
    ------
    SettingsError
        If a setting is wrong; the message describes the first error in one line.
    """

    results: str = Field(
        "results",
        description="folder of all results; `~` is the home folder; letters, digits, blanks and"
        " _ . / + @ - = are allowed",
    )
    overwrite: Flag = Field(
        False, description="true: the run may replace results that another configuration made in this folder"
    )
    seed: Seed = Field(2021, description="seed of all random numbers of the data")
    cosmology: Cosmology = Field(Cosmology(), description="the simulation's flat cosmology (D1)")
    mass_function: MassFunction = Field("bocquet16", description="model of the halo mass function (D16)")
    box_mpc_h: Real = Field(
        352.0, ge=1, le=10_000, description="side of the simulated box [Mpc/h], neither in kpc/h nor in Gpc/h"
    )
    halos: HaloSettings = Field(HaloSettings(), description="the halo catalog (section 2.1)")
    survey: SurveySettings = Field(SurveySettings(), description="the X-ray survey of section 2.1.1")
    xray: XraySettings = Field(XraySettings(), description="the mock X-ray observation of section 2.1.2")
    mocks: MockSettings = Field(MockSettings(), description="the mock catalogs of section 2.2")
    mock_sets: dict[Name, MockSet] = Field(
        {
            "smaller": MockSet(survey={"volume_fraction": 0.3, "smoothing_dex": 0.076}),
            "larger": MockSet(survey={"volume_fraction": 0.8, "smoothing_dex": 0.076}),
            "prescriptive": MockSet(mocks={"observables": "prescriptive"}),
        },
        description="mock catalogs beside the standard ones (Appendices A, B); a row has the keys of `survey` and"
        " `mocks` that differ; the variant with the name of a row uses its catalogs",
    )
    features: FeatureSettings = Field(FeatureSettings(), description="the network's input (section 3.2)")
    architecture: ArchitectureSettings = Field(ArchitectureSettings(), description="the network of Table 3")
    training: TrainingSettings = Field(
        TrainingSettings(), description="training of the network (section 3.3); null: the recipe's own value"
    )
    models: dict[Name, Model] = Field(
        {
            **{name: Model(variant=name, seed=1) for name in ("standard", "shuffled", "no_wl", "array_of_ones")},
            "prescriptive": Model(
                variant="prescriptive", seed=1, architecture={"pooling": "max"}, training={"learning_rate": 0.01}
            ),
        },
        description="the models to train; a row may change keys of `architecture` and `training`",
    )
    ensemble: Ensemble = Field(
        Ensemble(), description="repetitions of models with other seeds, for `snakemake ensemble`"
    )

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """Return the configuration that a mapping describes; a missing key has its default.

        Parameters
        ----------
        config : Mapping
            Nested plain data, as YAML has them.

        Returns
        -------
        Configuration
            The checked configuration.

        Raises
        ------
        SettingsError
            If a setting is wrong; the message describes the first error in one line.
        """
        for key in _keys_that_are_not_text(config, ""):
            raise SettingsError(key, "': must be text; put it in quotes", "key '")
        return cls(**config)

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Self:
        """Return the configuration of YAML files: the defaults, changed by each file in turn.

        Parameters
        ----------
        paths : iterable of Path
            Overlays, or a whole configuration such as config.yaml beside results.

        Returns
        -------
        Configuration
            The checked configuration.

        Raises
        ------
        ValueError
            If a file cannot be read or a setting is wrong; the message describes the first error in one line.
        """
        import yaml  # not installed on a machine that only trains

        paths, config = list(paths), cls().model_dump()
        for path in paths:
            try:
                found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
            except OSError as error:
                raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
            except (yaml.YAMLError, UnicodeDecodeError) as error:
                raise ValueError(f"{path}: not valid YAML ({error})") from error
            if not isinstance(found, dict):
                raise ValueError(f"{path}: must be a mapping of keys to values")
            config = merged(config, found)
        try:
            return cls.of(config)
        except SettingsError as error:
            where = ", ".join(map(str, paths))
            raise SettingsError(error.key, error.says, f"{where}: {error.before}") from None

    def only(self, *keys: str) -> SimpleNamespace:
        """Return an object that has only these keys, so that a step cannot depend on other settings.

        Parameters
        ----------
        *keys : str
            Names of sections or settings.

        Returns
        -------
        SimpleNamespace
            An attribute for each key.
        """
        return SimpleNamespace(**{key: getattr(self, key) for key in keys})

    def mock_set(self, name: str) -> tuple[SurveySettings, MockSettings]:
        """Return the settings of one set of mock catalogs.

        Parameters
        ----------
        name : str
            A row of `mock_sets`, or ``mocks`` for the standard mock catalogs.

        Returns
        -------
        tuple[SurveySettings, MockSettings]
            The sections `survey` and `mocks` with the changes of the row.

        Raises
        ------
        ValueError
            If there is no such row.
        """
        if name == "mocks":
            return self.survey, self.mocks
        if name not in self.mock_sets:
            raise ValueError(f"mocks {name!r} are not known; there are mocks, {', '.join(self.mock_sets)}")
        row = self.mock_sets[name]
        with _within(f"mock_sets.{name}:"):
            with _within("survey"):
                survey = self.survey.changed(row.survey)
            with _within("mocks"):
                return survey, self.mocks.changed(row.mocks)

    @property
    def all_models(self) -> dict[str, Model]:
        """The rows of `models` and those of the ensemble: NAME_2, NAME_3 ... with consecutive seeds.

        Returns
        -------
        dict[str, Model]
            The models by name.

        Raises
        ------
        SettingsError
            If a model of the ensemble is unknown, reads other columns than Standard, or has the name of another model.
        """
        rows = dict(self.models)
        for name in self.ensemble.models:
            if name not in self.models:
                raise SettingsError("ensemble.models", f": {name!r} is not a row of models: {', '.join(self.models)}")
            row = self.models[name]
            if row.variant not in ("standard", "shuffled", "no_wl"):
                raise SettingsError(
                    "ensemble.models",
                    f": {name!r} reads other columns than Standard, and cannot be compared with it",
                )
            for k in range(2, self.ensemble.seeds + 1):
                member = f"{name}_{k}"
                if member in self.models:
                    raise SettingsError(
                        f"models.{member}", f": the ensemble of {name} has a member of that name; choose another"
                    )
                with _within(f"models.{member}:"):
                    rows[member] = row.changed({"seed": row.seed + k - 1})
        return rows

    @property
    def ensemble_members(self) -> list[str]:
        """Names of the models of the ensemble, those of `models` first."""
        rows = self.all_models
        return [name for name in rows if name not in self.models or name in self.ensemble.models]

    @property
    def standard_architecture(self) -> ArchitectureSettings:
        """The network of the model ``standard``: `architecture`, as the row of that model changes it."""
        return self.architecture.changed(self.models["standard"].architecture)

    def training_of(self, name: str) -> TrainingSpec:
        """Return the training of a model.

        Parameters
        ----------
        name : str
            One of `all_models`.

        Returns
        -------
        TrainingSpec
            Seed, architecture and training of the model.

        Raises
        ------
        ValueError
            If there is no such model.
        """
        rows = self.all_models
        if name not in rows:
            raise ValueError(f"model {name!r} is not known; there are {', '.join(rows)}")
        row = rows[name]
        sections = {
            section: merged(getattr(self, section).model_dump(), getattr(row, section))
            for section in ("architecture", "training")
        }
        with _within(f"models.{name}:"):
            return training_spec({"seed": row.seed, **sections})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for section, rows in (("mock_sets", ("smaller", "larger", "prescriptive")), ("models", _NEEDED_MODELS)):
            for row in rows:
                if row not in getattr(self, section):
                    raise SettingsError(f"{section}.{row}", "' is missing", "key '")
        for name in self.mock_sets:
            if name in ("mocks", "standard", "shuffled", "no_wl", "array_of_ones"):
                raise SettingsError(f"mock_sets.{name}", ": this name is taken; choose another")
        for name in ("mocks", *self.mock_sets):
            survey, mocks = self.mock_set(name)
            with _within("" if name == "mocks" else f"mock_sets.{name}:"):
                check_survey(survey, mocks, self.halos, self.cosmology)
                check_number(mocks, self.features)
        for name in self.all_models:
            self.training_of(name)
        return self


_NEEDED_MODELS = ("standard", "shuffled", "no_wl", "array_of_ones", "prescriptive")


class _within:  # noqa: N801
    """Add the row or section of a setting to its error message."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, SettingsError) and self.place:
            if self.place.endswith(":"):
                raise SettingsError(error.key, error.says, f"{self.place} {error.before}") from None
            raise error.inside(self.place) from None


def _keys_that_are_not_text(item: Any, prefix: str) -> Iterator[str]:
    if isinstance(item, Mapping):
        for name, value in item.items():
            key = f"{prefix}.{name}" if prefix else str(name)
            if not isinstance(name, str):
                yield key
            yield from _keys_that_are_not_text(value, key)
    elif isinstance(item, list):
        for value in item:
            yield from _keys_that_are_not_text(value, prefix)
