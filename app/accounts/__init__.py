"""People and how they sign in: users, devices, sessions, tokens, one-time codes."""
