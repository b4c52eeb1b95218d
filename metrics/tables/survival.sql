-- about: Who is still there by months since the first payment: as counted, and as expected of one who begins now.
select * from made_survival
