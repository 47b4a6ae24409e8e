"""A third-party simulator of AWS policies beside ours: cases, its verdicts, and where the two differ."""
