"""Accounts: sign in, second factor, own password; the administrator's list of accounts."""
