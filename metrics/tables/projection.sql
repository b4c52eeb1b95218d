-- about: Cohorts by the month in which they began to pay: month by month as observed, and then as projected.
select * from made_projection
