"""People: users, organisations, teams, roles."""
