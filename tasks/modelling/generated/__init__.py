"""Code a language model wrote: what it is given, what is believed of its answer, what is kept of it. Nothing here runs it."""
