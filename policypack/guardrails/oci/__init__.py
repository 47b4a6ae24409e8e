"""The policy language of Oracle Cloud Infrastructure: statements and matching rules, and what they mean.

The room knows nothing of Pulumi. `statement.parse` reads a policy statement, `matching.parse` the matching rule of a
dynamic group; `meaning` answers questions about a statement, `grants` about several, `membership` about a rule.
`token_rules` reads the rules on claims of outside tokens, and `token_reach` tells whose tokens meet them.
"""
