"""Benchmark, calibration, training, tuning, stress and demo. Imported by nothing else."""
