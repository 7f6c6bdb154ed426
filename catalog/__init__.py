"""What tickets and articles are about: products, modules, categories."""
