"""The networks that the workflow can train: the rows of the configuration's `models`, and those made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from encluster.running.rows import Checks, Ensemble, Model
from encluster.settings import SettingsError, within

COMPARABLE = ("standard", "shuffled", "no_wl")  # variants that read the same columns


def networks_of_row(name: str, number: int) -> list[str]:
    """Return the names of the networks of a row of `models`, the first seed first.

    Parameters
    ----------
    name : str
        The row.
    number : int
        Number of seeds.

    Returns
    -------
    list of str
        NAME, NAME_2, NAME_3, ...
    """
    return [name, *(f"{name}_{k}" for k in range(2, number + 1))]


def scaled_exponents(factor: float) -> str:
    """Return the name of the prescriptive mock catalogs, and of their network, with the exponents times a factor."""
    return f"prescriptive_times_{factor:g}".replace(".", "_")


def all_networks(
    models: Mapping[str, Model], ensemble: Ensemble, checks: Checks, halves: Mapping[str, str]
) -> dict[str, Model]:
    """Return a row for each network.

    Parameters
    ----------
    models : Mapping of str to Model
        The rows of `models`.
    ensemble, checks : Ensemble, Checks
        The sections of the configuration.
    halves : Mapping of str to str
        For each row that is trained on half of the simulated clusters, the name of its mock catalogs.

    Returns
    -------
    dict of str to Model
        The rows of `models`; for their seeds and those of the ensemble, NAME_2, NAME_3, ...; for `checks`,
        NAME_permuted, prescriptive_times_F, and NAME_half_K, trained on the first half of the clusters in split K. Only
        the rows of `models` have ``seeds`` above 1.

    Raises
    ------
    SettingsError
        If a model of `ensemble` or `checks` is unknown, a model of the ensemble reads other columns than Standard, or
        two networks have the same name.
    """
    for key, names in (
        ("ensemble.models", ensemble.models),
        ("checks.halves", checks.halves),
        ("checks.permuted", checks.permuted),
    ):
        for name in names:
            if name not in models:
                raise SettingsError(key, f": {name!r} is not a row of models: {', '.join(models)}")
    for name in ensemble.models:
        if models[name].variant not in COMPARABLE:
            raise SettingsError(
                "ensemble.models", f": {name!r} reads other columns than Standard, and cannot be compared with it"
            )
    rows = dict(models)

    def add(name: str, of: str, **changes: Any) -> None:
        if name in rows:
            raise SettingsError(f"models.{name}", f": a network made of the row {of} has this name; choose another")
        with within(f"models.{name}:"):
            rows[name] = models[of].changed({"seeds": 1, **changes})

    for of, row in models.items():
        number = max(row.seeds, ensemble.seeds if of in ensemble.models else 1)
        for k, name in enumerate(networks_of_row(of, number)[1:], 1):
            add(name, of, seed=row.seed + k)
    for of in checks.permuted:
        add(f"{of}_permuted", of, permuted_labels=True)
    for factor in checks.exponents:
        add(scaled_exponents(factor), "prescriptive", mocks=scaled_exponents(factor))
    for of, mocks in halves.items():
        for k in range(1, checks.realizations + 1):
            add(f"{of}_half_{k}", of, mocks=f"{mocks}_first_half_{k}")
    return rows


def placeholders(
    models: Mapping[str, Model], ensemble: Ensemble, checks: Checks, sets: Sequence[str], *, surrogate: bool
) -> dict[str, list[str]]:
    """Return what stands for each placeholder in the INPUTS of a figure.

    Parameters
    ----------
    models : Mapping of str to Model
        The rows of `models`.
    ensemble, checks : Ensemble, Checks
        The sections of the configuration.
    sets : sequence of str
        Names of the mock catalogs that the rows are trained on.
    surrogate : bool
        Whether the halos are the surrogate; a list has no other realizations.

    Returns
    -------
    dict of str to list of str
        For each row of `models`, its networks, the first seed first; ``ensemble``: all networks of the ensemble;
        ``unseen``: predictions for clusters that the network's training has not used; ``halves``: mock catalogs from
        the halves of the clusters, the first half of each split first; ``exponents``: the prescriptive models with
        other exponents; ``permuted``: rows of `models` that are trained on permuted labels too.
    """
    splits = range(1, checks.realizations + 1)
    unseen = "unseen/{}/predictions/{}" if surrogate else "predictions/{1}_second_half_{0}"
    members = [networks_of_row(name, ensemble.seeds) for name in ensemble.models]
    return {
        **{name: networks_of_row(name, row.seeds) for name, row in models.items()},
        "ensemble": [network for names in members for network in names],
        "unseen": [unseen.format(k, mocks) for k in splits for mocks in sets],
        "halves": [f"mocks_{half}_half_{k}" for k in splits for half in ("first", "second")],
        "exponents": [scaled_exponents(factor) for factor in checks.exponents],
        "permuted": list(checks.permuted),
    }
