"""The publicity office: approves, returns and follows what units submit."""
