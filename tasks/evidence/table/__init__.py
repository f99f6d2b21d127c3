"""The room of one table: reading it from files, its schema, its profile, joining several.

Facts never hold more than the commonest levels of a category. Reading happens in a process of its own with limits.
`schema` and `parsing` also travel with every exported model, so they import nothing else of ours.
"""
