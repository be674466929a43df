"""Matters: which cases belong together, and how many different people stand behind them."""
