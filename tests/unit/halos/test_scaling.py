"""Power laws: closed forms, an independent fit, and Table 2's convention."""

import numpy as np
import pytest

from encluster.halos.scaling import OUTLIER_DEX, PIVOT_LOG_M, PowerLaw, fit_power_law


def noisy(seed: int, n: int = 1000, scatter: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    log_m = 13.58 + rng.exponential(0.3, n)
    return log_m, 1.7 * (log_m - 14.4) + 0.25 + scatter * rng.standard_normal(n)


def test_table_2_as_an_intercept_at_unit_mass() -> None:
    # 1.74, -24.81: the same line has log X0 = 0.246 at the pivot (decision D5)
    relation = PowerLaw(slope=1.74, log_x0=0.246)
    assert relation.log_x_at_unit_mass == pytest.approx(-24.81, abs=1e-9)
    assert relation.log_x(np.array([PIVOT_LOG_M, 15.4])) == pytest.approx([0.246, 1.986])


def test_mass_and_observable_are_inverse() -> None:
    relation = PowerLaw(slope=0.61, log_x0=0.53)
    assert relation.log_m(float(relation.log_x(np.array(14.2)))) == pytest.approx(14.2)


def test_varied_multiplies_x0_and_slope() -> None:
    varied = PowerLaw(slope=1.5, log_x0=0.2, scatter=0.1, slope_err=0.3).varied(normalization=1.3, slope=0.7)
    assert varied.slope == pytest.approx(1.05)
    assert 10**varied.log_x0 == pytest.approx(1.3 * 10**0.2)
    assert varied.scatter == 0


def test_the_slope_turns_about_its_pivot() -> None:
    law = PowerLaw(slope=1.73, log_x0=0.253)
    assert law.varied(slope=0.7) == PowerLaw(slope=1.73 * 0.7, log_x0=0.253)  # to the last digit
    turned = law.varied(normalization=1.3, slope=0.7, slope_pivot=13.6)
    assert turned.slope == law.slope * 0.7
    assert turned.log_x(np.array(13.6)) == pytest.approx(law.log_x(np.array(13.6)) + np.log10(1.3))
    # at 14.4, 0.8 dex above the pivot, the smaller slope makes clusters fainter by 0.3 x 1.73 x 0.8 dex
    assert turned.log_x0 == pytest.approx(0.253 + np.log10(1.3) - 0.3 * 1.73 * 0.8)


def test_noise_free_law_comes_back() -> None:
    log_m = np.linspace(13.6, 15, 30)
    fit = fit_power_law(log_m, 1.16 * (log_m - 14.4) + 13.4, n_bootstrap=20)
    assert (fit.slope, fit.log_x0) == pytest.approx((1.16, 13.4))
    assert max(fit.scatter, fit.std, fit.slope_err, fit.log_x0_err) < 1e-12


def test_fit_agrees_with_polyfit_and_its_textbook_errors() -> None:
    log_m, log_x = noisy(1)
    fit = fit_power_law(log_m, log_x)
    (slope, log_x0), covariance = np.polyfit(log_m - 14.4, log_x, 1, cov=True)
    assert (fit.slope, fit.log_x0) == pytest.approx((slope, log_x0), rel=1e-9)
    # 200 resamplings know an error to 5 %; Gaussian noise is drawn, so theory is right
    assert (fit.slope_err, fit.log_x0_err) == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.25)
    assert (fit.scatter, fit.std) == pytest.approx((0.1, 0.1), rel=0.1)
    assert (fit.std_err, fit.scatter_err) == pytest.approx((0.1 / np.sqrt(2000), 0.0042), rel=0.35)


def test_outliers_do_not_pull_the_line_but_count_as_scatter() -> None:
    log_m, log_x = noisy(2)
    bright = log_m > 14.3
    assert 20 < bright.sum() < 200
    log_x = log_x + 1.2 * bright * (np.arange(log_m.size) % 3 == 0)
    pulled = fit_power_law(log_m, log_x)
    robust = fit_power_law(log_m, log_x, outlier_dex=OUTLIER_DEX)
    assert abs(robust.slope - 1.7) < 3 * robust.slope_err < 0.1
    assert pulled.slope - 1.7 > 0.1
    assert robust.std > 1.3 * robust.scatter


def test_the_fit_is_reproducible() -> None:
    assert fit_power_law(*noisy(3)) == fit_power_law(*noisy(3))


@pytest.mark.parametrize(
    ("log_m", "log_x", "message"),
    [
        ([14.0, 14.1], [0.0, 0.1], "three clusters of different mass; got 2"),
        ([14.0] * 5, [0.0] * 5, "three clusters of different mass"),
        ([14.0, 14.1, 14.2, 14.3], [0.0, 0.1, np.nan, 0.3], "cluster 3 has log_m 14.2, log_x nan"),
        ([14.0, 14.1, 14.2, 14.3], [0.0, 9.0, -9.0, 0.3], "within 0.35 dex"),
    ],
)
def test_what_cannot_be_fitted(log_m: list[float], log_x: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_power_law(np.array(log_m), np.array(log_x), outlier_dex=OUTLIER_DEX)


def test_outlier_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="outlier_dex = 0 must be positive"):
        fit_power_law(*noisy(4), outlier_dex=0)
