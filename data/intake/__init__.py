"""The doors that facts come in by, and the durable inbox behind them."""
