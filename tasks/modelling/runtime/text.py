"""A text as the most telling words, as components of a latent semantic analysis, and as one cross-fitted linear score per target."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from tasks.modelling.runtime.columns import Columns
from tasks.modelling.runtime.step import INNER_FOLDS, Step, TrainingRows
from tasks.modelling.runtime.text_reading import hash_word, normalise, read_texts

WIDTH = 4096
CHARACTERS = 8_000_000
"""Most characters read of one column, shared by its distinct texts; never fewer than 200 of each."""
LONG_TEXT = 12.0
"""Mean words from which trigrams add cost rather than signal."""
VOCABULARY_TEXTS = 3000
CANDIDATE_WORDS = 400
SCORE_ROWS = 8000
COMPONENT_ROWS = 3000
CONJUGATE_STEPS = 8
RIDGE = 1.0


class Text(Step):
    """Missing text is the empty one."""

    def __init__(self, column: str, tokens: int, components: int, score: bool) -> None:
        self.column = column
        self.tokens = tokens
        self.components = components
        self.score = score

    def fit_transform(self, columns: Columns, training: TrainingRows) -> np.ndarray:
        codes, texts = columns.levels(self.column)
        self.clip = max(200, min(5000, CHARACTERS // max(1, len(texts))))
        self.trigrams = _mean_words(texts[:VOCABULARY_TEXTS]) < LONG_TEXT
        self.words: list[str] = []
        self.hashes = np.empty(0, dtype=np.uint64)
        read = read_texts([*texts, ""], self.clip, self.trigrams)
        self._choose_words(read, codes, texts, training)
        matrix = self._hashed(read, len(texts) + 1)
        self.idf = _inverse_document_frequency(matrix)
        matrix = _weighted(matrix, self.idf)[codes]
        self._find_components(matrix, training.seed)
        names = [f"{self.column} has {w}" for w in self.words] + [f"{self.column} component {i}" for i in range(self.axes.shape[1])]
        parts = [_indicators(read, self.hashes, len(texts) + 1)[codes], matrix @ self.axes]
        if self.score:
            made, self.weights, self.centre = _cross_fit(matrix, training)
            parts.append(made)
            names += [f"{self.column} text score {n}".rstrip() for n in training.target_names]
        self._tell(names, self.column)
        return np.hstack(parts)

    def transform(self, columns: Columns) -> np.ndarray:
        codes, texts = columns.levels(self.column)
        read = read_texts([*texts, ""], self.clip, self.trigrams)
        matrix = _weighted(self._hashed(read, len(texts) + 1), self.idf)
        parts = [_indicators(read, self.hashes, len(texts) + 1), matrix @ self.axes]
        if self.score:
            parts.append(matrix @ self.weights + self.centre)
        return np.hstack(parts)[codes]

    def _hashed(self, read, rows: int) -> sp.csr_matrix:  # type: ignore[no-untyped-def]
        places = np.concatenate([read.word_hashes, read.gram_hashes]) >> np.uint64(40)
        at = np.concatenate([read.word_rows, read.gram_rows])
        counts = sp.csr_matrix((np.ones(at.size, dtype=np.float32), (at, (places % WIDTH).astype(np.int32))), shape=(rows, WIDTH))
        counts.sum_duplicates()
        return counts

    def _choose_words(self, read, codes: np.ndarray, texts: list[str], training: TrainingRows) -> None:  # type: ignore[no-untyped-def]
        if not self.tokens or not texts:
            return
        candidates = _frequent_words(texts, self.clip)
        hashes = np.array([hash_word(w) for w in candidates], dtype=np.uint64)
        present = _indicators(read, hashes, len(texts) + 1)[codes]
        chosen = _telling(present, training.targets, self.tokens)
        self.words = [candidates[i] for i in chosen]
        self.hashes = hashes[chosen]

    def _find_components(self, matrix: sp.csr_matrix, seed: int) -> None:
        size = min(self.components, matrix.shape[0] - 1)
        if size < 1 or not matrix.nnz:
            self.axes = np.zeros((WIDTH, 0), dtype=np.float32)
            return
        random = np.random.default_rng(seed)
        if matrix.shape[0] > COMPONENT_ROWS:
            matrix = matrix[np.sort(random.choice(matrix.shape[0], COMPONENT_ROWS, replace=False))]
        self.axes = _leading_axes(matrix, size, random)


def _mean_words(texts: list[str]) -> float:
    return sum(len(t.split()) for t in texts) / max(1, len(texts))


def _frequent_words(texts: list[str], clip: int) -> list[str]:
    """Words in at least five of the sampled texts and 0.3 % of them, most frequent first; ties in alphabetical order."""
    step = max(1, len(texts) // VOCABULARY_TEXTS)
    sample = texts[::step][:VOCABULARY_TEXTS]
    counts: dict[str, int] = {}
    for text in sample:
        for word in set(normalise(text, clip).split()):
            if len(word) < 40:
                counts[word] = counts.get(word, 0) + 1
    least = max(5, 0.003 * len(sample))
    return sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))[:CANDIDATE_WORDS]


def _indicators(read, hashes: np.ndarray, rows: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    made = np.zeros((rows, hashes.size), dtype=np.float64)
    if hashes.size and read.word_hashes.size:
        order = np.argsort(hashes, kind="stable")
        place = np.minimum(np.searchsorted(hashes[order], read.word_hashes), hashes.size - 1)
        hit = hashes[order][place] == read.word_hashes
        made[read.word_rows[hit], order[place[hit]]] = 1.0
    return made


def _telling(present: np.ndarray, targets: np.ndarray, at_most: int) -> list[int]:
    """Columns whose presence moves a target by more than two standard errors, strongest first."""
    rows = present.shape[0]
    if not present.size:
        return []
    spread = targets.std(axis=0)
    centred = (targets - targets.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    counts = present.sum(axis=0)
    z = np.abs(present.T @ centred) / np.sqrt(np.maximum(counts * (1 - counts / rows), 1e-9))[:, None]
    strength = np.where((counts >= 5) & (counts <= rows - 5), z.max(axis=1), 0.0)
    order = np.argsort(-strength, kind="stable")[:at_most]
    return [int(i) for i in order if strength[i] > 2.0]


def _inverse_document_frequency(counts: sp.csr_matrix) -> np.ndarray:
    documents = np.bincount(counts.indices, minlength=WIDTH)
    return (np.log((1 + counts.shape[0]) / (1 + documents)) + 1).astype(np.float32)


def _weighted(counts: sp.csr_matrix, idf: np.ndarray) -> sp.csr_matrix:
    """Sublinear term frequency by inverse document frequency, rows of length one."""
    made = counts.copy()
    made.data = (1 + np.log(made.data)) * idf[made.indices]
    rows = np.repeat(np.arange(made.shape[0]), np.diff(made.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=made.data.astype(np.float64) ** 2, minlength=made.shape[0]))
    made.data = (made.data / lengths[rows]).astype(np.float32)
    return made


def _leading_axes(matrix: sp.csr_matrix, size: int, random: np.random.Generator) -> np.ndarray:
    """Leading right singular vectors (n_features, size) by the randomised method of Halko, Martinsson, Tropp (2011), two power steps."""
    sketch = matrix @ random.standard_normal((matrix.shape[1], size + 8)).astype(np.float32)
    for _ in range(2):
        sketch = matrix @ (matrix.T @ np.linalg.qr(sketch)[0])
    basis = np.linalg.qr(sketch)[0]
    _, values, axes = np.linalg.svd((matrix.T @ basis).T.astype(np.float64), full_matrices=False)
    axes = axes[:size][values[:size] > 1e-6]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return np.ascontiguousarray((axes * signs[:, None]).T.astype(np.float32))


def _cross_fit(matrix: sp.csr_matrix, training: TrainingRows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Out-of-fold ridge scores (n_rows, n_targets), and weights and centre of the ridge on all rows; one centre for all folds."""
    made = np.empty(training.targets.shape, dtype=np.float64)
    centre = training.targets.mean(axis=0)
    for fold in range(INNER_FOLDS):
        inside = training.folds == fold
        weights = _ridge(matrix, training.targets, np.flatnonzero(~inside))
        made[inside] = matrix[np.flatnonzero(inside)] @ weights + centre
    return made, _ridge(matrix, training.targets, np.arange(matrix.shape[0])), centre


def _ridge(matrix: sp.csr_matrix, targets: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Ridge weights (n_features, n_targets) by a few steps of conjugate gradients, which stop it as a penalty would."""
    if not rows.size:
        return np.zeros((matrix.shape[1], targets.shape[1]), dtype=np.float32)
    rows = rows[:: max(1, rows.size // SCORE_ROWS)][:SCORE_ROWS]
    x, centre = matrix[rows], targets[rows].mean(axis=0)
    spread = np.where(targets[rows].std(axis=0) > 0, targets[rows].std(axis=0), 1.0)
    wanted = ((targets[rows] - centre) / spread).astype(np.float32)
    transposed = x.T.tocsr()
    weights = np.zeros((matrix.shape[1], targets.shape[1]), dtype=np.float32)
    residual = transposed @ wanted
    direction, norm = residual.copy(), (residual**2).sum(axis=0)
    for _ in range(CONJUGATE_STEPS):
        image = transposed @ (x @ direction) + RIDGE * direction
        length = norm / np.maximum((direction * image).sum(axis=0), 1e-12)
        weights += length * direction
        residual = residual - length * image
        renewed = (residual**2).sum(axis=0)
        direction = residual + renewed / np.maximum(norm, 1e-12) * direction
        norm = renewed
    return (weights * spread).astype(np.float32)
