"""Numbers: pure functions from ratings and maturity levels to scores that may be published."""
