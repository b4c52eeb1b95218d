-- about: Forecasts of lifetime value made in the past with what was known then, against what came.
select * from made_lifetime_backtest
