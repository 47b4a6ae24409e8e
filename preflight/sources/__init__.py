"""What a report can be made from, beside a program."""
