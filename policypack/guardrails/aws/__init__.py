"""The AWS policy language: read documents, evaluate requests, and decide what documents allow, with a witness.

The room knows nothing of Pulumi. `document.parse` reads; `evaluate.evaluate` and `evaluate.decide` judge one concrete
request, the latter under ceilings (`authority`); `search.find` and `search.survey` look for requests that documents
allow, or that one set of them allows and another does not. On these stand `questions` and `federation` (what rules
ask), `explanation` (a document in words) and `comparison` (two of them). docs/aws-policy-language.md tells how.
"""
