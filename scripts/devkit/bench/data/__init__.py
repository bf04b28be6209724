"""What the benches, and tests of many records, are run on (inside Odoo)."""
