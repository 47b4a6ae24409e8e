"""Issuers of OIDC tokens: what their subjects and claims say, and whom a pattern of these names.

The room knows tokens, and neither clouds nor Pulumi. `forms` reads the forms of subjects and claims, `table` tells what
is known of an issuer.
"""
