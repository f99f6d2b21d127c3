"""`axiom up`: Axiom's servers and workers on one machine, all on loopback, started and ended together.

`address.py` says where they are, for every other command; `services.py` what they are; `supervisor.py` keeps them up;
`guard.py` stands between each and the command, so that none outlives it; `bootstrap.py` fills an empty server. This
package is not called `platform`: a library is.
"""
