"""Accounts that follow the same others as if sent there: in a whole network, and inside one audience."""
