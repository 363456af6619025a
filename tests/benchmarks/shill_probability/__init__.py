"""How well the joined probability does on worlds that did not teach it, and what an attacker can do."""
