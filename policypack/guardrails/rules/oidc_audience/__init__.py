"""A role that trusts an OIDC provider says which token, not only which issuer."""
