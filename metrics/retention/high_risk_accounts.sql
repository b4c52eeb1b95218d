-- title: Accounts at high risk
-- unit: count
-- better: down
-- about: Paying accounts in the high band at the end of the day: three times as likely to leave as usual, or more likely
--   than not; without probabilities, seven of nine points of the rule.
-- caveat: Where probabilities begin or end being shown, the band changes its meaning, and the count may jump.
select
    grain,
    period_start,
    dimension,
    segment,
    high as value,
    is_complete as complete,
from risk_period
