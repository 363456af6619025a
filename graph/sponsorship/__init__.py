"""Posts that are paid for: what discloses them, what looks paid without saying so, which brands."""
