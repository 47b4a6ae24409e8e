"""Statements and matching rules in words: who may do what, where, and what their conditions are worth.

Words only: whether a statement is well made is for the rules. Names keep the letter case of their writer, permissions
that of Oracle.
"""
