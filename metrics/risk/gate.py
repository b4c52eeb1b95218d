"""Whether there is evidence enough to show probabilities: from weeks foretold that have matured since."""

from dataclasses import dataclass

LOWEST_AUC, LOWEST_LIFT, FEWEST = 0.55, 1.5, 10


@dataclass(frozen=True)
class Decision:
    """`reason`: in a sentence, where the gate is closed."""

    is_open: bool
    reason: str = ""


def decide(lower_auc: float | None, lift: float | None, churned: int) -> Decision:
    """Open where the ranking is better than chance and the top tenth holds enough of those who left.

    `lower_auc`: the lower 95 % limit. `churned`: accounts that left in the weeks looked at.
    """
    if churned < FEWEST or lower_auc is None or lift is None:
        return Decision(
            False, f"{churned} accounts left in the weeks that can be looked back on; {FEWEST} are needed."
        )
    if lower_auc <= LOWEST_AUC:
        return Decision(
            False,
            f"AUC may be as low as {lower_auc:.2f}; above {LOWEST_AUC} is needed to say more than chance.",
        )
    if lift < LOWEST_LIFT:
        return Decision(
            False,
            f"The riskiest tenth held {lift:.1f} times its share of those who left; {LOWEST_LIFT} is needed.",
        )
    return Decision(True)
