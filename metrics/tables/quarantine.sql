-- about: The rows that were set aside, each with its reason and raw text.
select
    source,
    shape,
    file,
    row,
    field,
    value,
    reason,
    raw,
    quarantined_at,
    quarantine_id,
from quarantine_listing
