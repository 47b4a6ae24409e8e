"""What is secret is marked secret everywhere it stands."""
