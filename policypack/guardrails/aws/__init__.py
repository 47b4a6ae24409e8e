"""The AWS policy language: read a document, evaluate a request, and answer what strangers and holders may do.

The room knows nothing of Pulumi. `document.parse` reads, `evaluate.evaluate` decides one concrete request, and
`questions` and `federation` search for a request that must not be allowed.
"""
