"""Plots in one theme, light and dark: what people would rather look at than read."""
