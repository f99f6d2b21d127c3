"""The room of leaks: columns that know the target, each with the measurement that shows it."""
