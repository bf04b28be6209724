"""The benches of scripts/bench: a module each, and the report on them."""
