"""What the made-up company sells, to whom, and at which price."""

import numpy as np

from data.samples.clock import Floats, Ints

PLANS = ("Starter", "Team", "Business")
STARTER, TEAM, BUSINESS = range(3)
REGIONS = ("North America", "Europe", "Latin America", "Asia-Pacific")
NORTH_AMERICA, EUROPE, LATIN_AMERICA, ASIA_PACIFIC = range(4)
CHANNELS = ("Organic", "Paid search", "Referral", "Events", "Partner")
PARTNER = 4
CURRENCIES = ("USD", "EUR", "GBP")
USD = 0
OWNERS = ("Ines Duarte", "Tomas Lindqvist", "Priya Raman", "Marcus Bellweather", "Aiko Moriyama", "Lena Vogt")

PLAN_SHARE = (0.5, 0.34, 0.16)
REGION_SHARE = (0.38, 0.34, 0.12, 0.16)
CHANNEL_SHARE = (0.42, 0.24, 0.16, 0.08, 0.10)
# Hours ahead of UTC at which the accounts of a region work.
ZONES = ((-8, -6, -5, -5), (0, 1, 1, 2), (-5, -3, -3, -3), (5, 8, 8, 10))
CURRENCY_SHARE = ((1.0, 0.0, 0.0), (0.2, 0.55, 0.25), (1.0, 0.0, 0.0), (0.9, 0.05, 0.05))

# A month of Starter, and a month of one seat of the others, by currency.
PRICE = np.array([[29, 19, 39], [27, 18, 36], [24, 16, 33]], dtype=np.int64)
SEATS = ((1, 4), (3, 15), (10, 45))
MONTHS_PAID_OF_A_YEAR = 10

STEPS = ("welcome_seen", "value_demonstrated", "first_action")
FEATURES = (
    "dashboard_opened",
    "report_viewed",
    "search_made",
    "comment_added",
    "export_downloaded",
    "automation_run",
    "integration_synced",
    "teammate_invited",
)
FEATURE_SHARE = np.array([0.3, 0.22, 0.14, 0.11, 0.08, 0.08, 0.05, 0.02])

LIMITS = {
    "seats": (3, 25, 250),
    "automation_runs": (100, 2_000, 50_000),
    "reports": (20, 500, 10_000),
    "storage_gb": (5, 100, 2_000),
}


def monthly(plan: Ints, seats: Ints, annual: Ints, currency: Ints) -> Ints:
    """The price of a month in ten-thousandths; a yearly price is divided by 12."""
    full = PRICE[currency, plan] * np.where(plan == STARTER, 1, seats) * 10_000
    yearly = full * MONTHS_PAID_OF_A_YEAR
    return np.where(annual == 1, (yearly * 2 + 12) // 24, full)


def yearly(plan: Ints, seats: Ints, currency: Ints) -> Ints:
    """The price of a year paid ahead, in ten-thousandths."""
    return PRICE[currency, plan] * np.where(plan == STARTER, 1, seats) * MONTHS_PAID_OF_A_YEAR * 10_000


def pick(uniform: Floats, share: Floats) -> Ints:
    """Positions drawn by share; `share` is one row for all, or one row each."""
    edges = np.cumsum(share, axis=-1)
    drawn: Ints = np.minimum((uniform[:, None] * edges[..., -1:] >= edges).sum(axis=1), edges.shape[-1] - 1)
    return drawn
