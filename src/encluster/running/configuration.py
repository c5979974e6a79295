"""The configuration: every key with its default, range and meaning, in one typed object."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

from pydantic import Field, model_validator

from encluster.cosmology import Cosmology, MassFunction
from encluster.halos.settings import HaloSettings
from encluster.mocks.settings import MockSettings, SurveySettings
from encluster.network.settings import ArchitectureSettings, FeatureSettings
from encluster.running.consistency import check_number, check_survey
from encluster.running.networks import all_networks, placeholders, scaled_exponents
from encluster.running.rows import Checks, Ensemble, MockSet, Model
from encluster.settings import MOST_SEED, Flag, Name, Real, Seed, Settings, SettingsError, merged, within
from encluster.training.recipes import TrainingSettings, TrainingSpec, training_spec
from encluster.xray.settings import XraySettings


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
            **{name: Model(variant=name, seed=1, seeds=3) for name in ("standard", "shuffled", "no_wl")},
            "array_of_ones": Model(variant="array_of_ones", seed=1),
            "prescriptive": Model(
                variant="prescriptive", seed=1, architecture={"pooling": "max"}, training={"learning_rate": 0.01}
            ),
        },
        description="the models to train; a row may change keys of `architecture` and `training`",
    )
    ensemble: Ensemble = Field(
        Ensemble(), description="repetitions of models with other seeds, for `snakemake ensemble`"
    )
    checks: Checks = Field(Checks(), description="checks of the networks that are not in the paper")

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

    def with_seed(self, seed: int | None) -> Self:
        """Return this configuration with another seed of the data, as for another realization of the simulation.

        Parameters
        ----------
        seed : int or None
            The seed; None for the configuration's own.
        """
        return self if seed is None else self.model_copy(update={"seed": seed})

    def mock_set(self, name: str) -> tuple[SurveySettings, MockSettings]:
        """Return the settings of one set of mock catalogs.

        Parameters
        ----------
        name : str
            ``mocks`` for the standard mock catalogs, a row of `mock_sets`, ``prescriptive_times_F`` for the exponents
            times F (with ``_`` for the decimal point), or one of these with ``_first_half_K`` or ``_second_half_K``:
            drawn from half of the simulated clusters in split K.

        Returns
        -------
        tuple[SurveySettings, MockSettings]
            The sections `survey` and `mocks` with the changes of the set.

        Raises
        ------
        ValueError
            If there is no such set.
        """
        if name == "mocks":
            return self.survey, self.mocks
        if name in self.mock_sets:
            row = self.mock_sets[name]
            with within(f"mock_sets.{name}:"):
                with within("survey"):
                    survey = self.survey.changed(row.survey)
                with within("mocks"):
                    return survey, self.mocks.changed(row.mocks)
        if half := re.fullmatch(r"(.+)_(first_half|second_half)_(\d+)", name):
            survey, mocks = self.mock_set(half[1])
            return survey, mocks.changed({"clusters": half[2], "split": int(half[3])})
        factors = {scaled_exponents(factor): factor for factor in self.checks.exponents}
        if name in factors:
            survey, mocks = self.mock_set("prescriptive")
            exponents = mocks.prescriptive_exponents.model_dump()
            return survey, mocks.changed(
                {"prescriptive_exponents": {x: factors[name] * exponent for x, exponent in exponents.items()}}
            )
        raise ValueError(f"mocks {name!r} are not known; there are mocks, {', '.join(self.mock_sets)}")

    @cached_property
    def derived_mock_sets(self) -> list[str]:
        """Names of the mock catalogs for `checks`, as `mock_set` takes them."""
        splits = range(1, self.checks.realizations + 1)
        sets = sorted({self.mocks_of(self.models[name]) for name in self.half_models})
        halves = [f"{name}_{half}_half_{k}" for name in sets for k in splits for half in ("first", "second")]
        return [*map(scaled_exponents, self.checks.exponents), *halves]

    def mocks_of(self, row: Model) -> str:
        """Return the name of the mock catalogs that a model is trained on, as `mock_set` takes it."""
        return row.mocks or (row.variant if row.variant in self.mock_sets else "mocks")

    def features_of(self, row: Model, *, permuted: bool = False) -> str:
        """Return the name of the features of a model; with `permuted` as its `permuted_labels` says.

        The name is that of the variant, followed by what differs from the variant's own mock catalogs and labels.
        """
        own = self.mocks_of(row) == self.mocks_of(row.changed({"mocks": None}))
        mocks = "" if own else f"_of_{self.mocks_of(row)}"
        return f"{row.variant}{mocks}{'_permuted' if permuted and row.permuted_labels else ''}"

    @cached_property
    def all_models(self) -> dict[str, Model]:
        """Every network that the workflow can train, by name; see `encluster.running.networks.all_networks`."""
        halves = {name: self.mocks_of(self.models[name]) for name in self.half_models if name in self.models}
        return all_networks(self.models, self.ensemble, self.checks, halves)

    @property
    def half_models(self) -> tuple[str, ...]:
        """Rows of `models` that are trained on half of the simulated clusters; of a list, all that the paper has."""
        return self.checks.halves if self.halos.source == "surrogate" else _NEEDED_MODELS

    @cached_property
    def placeholders(self) -> dict[str, list[str]]:
        """What stands for each placeholder of a figure; see `encluster.running.networks.placeholders`."""
        sets = sorted({self.mocks_of(row) for row in self.models.values()})
        surrogate = self.halos.source == "surrogate"
        return placeholders(self.models, self.ensemble, self.checks, sets, surrogate=surrogate)

    def networks_on(self, mocks: str, *, unseen: bool) -> list[str]:
        """Return the names of the networks that predict the catalogs of some mocks.

        Parameters
        ----------
        mocks : str
            Name of mock catalogs, as `mock_set` takes it.
        unseen : bool
            Whether they come from a simulation that no training uses: all networks of the rows of `models` that are
            trained on mocks of this name. Otherwise they come from a half of the clusters: the networks that are
            trained on the first half of the same split.
        """
        if unseen:
            rows = [name for name, row in self.models.items() if self.mocks_of(row) == mocks]
            return [network for name in rows for network in self.placeholders[name]]
        trained_on = mocks.replace("_second_half_", "_first_half_")
        return [name for name, row in self.all_models.items() if row.mocks == trained_on]

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
        with within(f"models.{name}:"):
            return training_spec({"seed": row.seed, **sections})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for section, needed in (("mock_sets", ("smaller", "larger", "prescriptive")), ("models", _NEEDED_MODELS)):
            for key in needed:
                if key not in getattr(self, section):
                    raise SettingsError(f"{section}.{key}", "' is missing", "key '")
        for name in self.mock_sets:
            if name in ("mocks", "standard", "shuffled", "no_wl", "array_of_ones"):
                raise SettingsError(f"mock_sets.{name}", ": this name is taken; choose another")
        for name in ("mocks", *self.mock_sets):
            survey, mocks = self.mock_set(name)
            with within("" if name == "mocks" else f"mock_sets.{name}:"):
                check_survey(survey, mocks, self.halos, self.cosmology)
                check_number(mocks, self.features)
        for name, row in self.all_models.items():
            self.training_of(name)
            with within(f"models.{name}:"):
                if row.mocks not in (None, "mocks", *self.mock_sets, *self.derived_mock_sets):
                    known = ", ".join(("mocks", *self.mock_sets))
                    raise SettingsError("mocks", f" = {row.mocks!r}: must be one of {known}")
        if self.seed + self.checks.realizations > MOST_SEED:
            raise SettingsError("seed", f" = {self.seed}: must be at most {MOST_SEED - self.checks.realizations}")
        return self


_NEEDED_MODELS = ("standard", "shuffled", "no_wl", "array_of_ones", "prescriptive")


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
