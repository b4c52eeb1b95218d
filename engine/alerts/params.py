"""What every kind of rule can be told."""

from pydantic import Field

from data import params


class Params(params.Params):
    """The parameters that all kinds share; a kind's own `Params` adds to these."""

    periods: int = Field(1, ge=1, le=90, description="Breaching periods in a row until it fires")
    keep_firing: int = Field(
        0, ge=0, le=90, description="Recovered periods in a row through which it goes on firing"
    )
    minimum_n: float | None = Field(
        None, ge=0, description="The denominator under which a period is inconclusive, such as 30"
    )
