"""What to say of a text that the language rejects.

`rejection` holds the answer, and `explain` words it from the place where reading stopped (`stop`). The modules of
advice know the usual mistakes and how they are corrected; no correction is offered that may mean something else, loses
a word that negates (`negation`), or gives away the tenancy (`withheld`). Of a statement that reads well,
`unknown_words` names what no list has, and `wrong_ocids` the OCIDs of other things than are expected.
"""
