"""Running, testing and checking the desk on a developer's machine."""
