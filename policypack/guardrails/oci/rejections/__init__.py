"""What to say of a text that the language rejects.

`rejection` holds the answer, `explain` words it from the place where reading stopped (`stop`), with advice
(`advice_on_statements`, `advice_on_conditions`) and with corrections that are certain. `unknown_words` names the words
of a statement that reads well and that no list has.
"""
