"""What stands behind scripts/: standard library only, any Python from 3.10 to 3.13."""
