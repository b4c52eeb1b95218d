-- about: What a paying account is worth, by month, segment and horizon, with its 90 % interval or the reason for none.
select * from made_lifetime
