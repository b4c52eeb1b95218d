"""What every kind of rule can be told."""

from pydantic import BaseModel, ConfigDict, Field


class Params(BaseModel):
    """The parameters that all kinds share; a kind's own `Params` adds to these."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    periods: int = Field(1, ge=1, le=90, description="Breaching periods in a row until it fires")
    keep_firing: int = Field(
        0, ge=0, le=90, description="Recovered periods in a row through which it goes on firing"
    )
    minimum_n: float | None = Field(
        None, ge=0, description="The denominator under which a period is inconclusive, such as 30"
    )
