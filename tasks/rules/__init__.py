"""What follows from facts: findings, levels, scores, floors, and what a model may not say. Pure functions.

Every threshold is a named constant with its source and is printed in the report (`assembly.policy_in_force`). A rule
answers passed, failed, not applicable or undetermined (`rule.py`), and never guesses.
"""
