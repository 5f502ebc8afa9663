"""Benchmark, calibration, training, tuning, stress test and demo. Nothing else imports this room."""
