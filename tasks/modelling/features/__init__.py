"""Which features are made of which column: the recipe, planned from the profile and changed by the critic."""
