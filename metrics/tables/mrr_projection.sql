-- about: MRR at the end of the next twelve months with its 90 % band, as churn is and if it were another.
select * from made_mrr_projection
