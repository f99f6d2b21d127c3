"""A whole pipeline as one ONNX graph: typed columns in, probabilities or values out, by the same numbers.

Written node by node, because a view's steps are our own: no converter knows them. Arithmetic is in double precision, as in the
predictor. What cannot be said in ONNX raises `NotExportable` with the reason; nothing is called exported before its predictions
on real rows are those of the original.
"""
