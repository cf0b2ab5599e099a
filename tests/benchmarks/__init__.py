"""What this package costs, beside what others cost: `python -m tests.benchmarks`."""
