"""A believable month of a support desk, built through the services; loaded by `make run` and nothing else."""
