-- says: Opening MRR and its movements do not make the closing MRR
select
    grain,
    period_start,
    dimension,
    segment,
    opening,
    new + reactivation + expansion + contraction + churned as moved,
    closing,
from edition.movements
where opening + new + reactivation + expansion + contraction + churned <> closing
