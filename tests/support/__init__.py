"""What tests of several parts share: contests, a simulated year, pytest plugins."""
