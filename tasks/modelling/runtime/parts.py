"""Arrays and files of one model in one zip: no object arrays, no pickle, fast compression."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

LEVEL = 1
"""Of deflate. Level 6 takes four times as long for a tenth less."""
BYTES_LIMIT = 8 * 2**30
"""Unpacked; a crafted archive cannot fill the memory beyond it."""


class Parts:
    """Filled by `put_*` and written once, or opened from a file and read."""

    def __init__(self) -> None:
        self._content: dict[str, np.ndarray | bytes] = {}
        self._keys = 0
        self._archive: zipfile.ZipFile | None = None

    @classmethod
    def open(cls, path: Path) -> Parts:
        """Raises ValueError when it is no such archive or unpacks to more than `BYTES_LIMIT`."""
        parts = cls()
        try:
            parts._archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise ValueError(f"{path.name} is not the archive it should be") from error
        if sum(entry.file_size for entry in parts._archive.infolist()) > BYTES_LIMIT:
            raise ValueError(f"{path.name} unpacks to more than {BYTES_LIMIT >> 30} GiB")
        return parts

    def new_key(self, kind: str) -> str:
        """A name that no other part has."""
        self._keys += 1
        return f"{kind}/{self._keys}"

    def put_array(self, key: str, array: np.ndarray) -> None:
        """Raises ValueError for an array of objects."""
        if array.dtype.hasobject:
            raise ValueError(f"{key} is an array of objects, which a safe file cannot hold")
        self._content[f"{key}.npy"] = array

    def put_blob(self, kind: str, suffix: str, content: bytes) -> str:
        """The key it can be read by."""
        key = self.new_key(kind) + suffix
        self._content[key] = content
        return key

    def write(self, path: Path) -> None:
        """All parts, at once."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for key, content in self._content.items():
                # A fixed date: the same model gives the same bytes.
                entry = zipfile.ZipInfo(key, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content if isinstance(content, bytes) else _npy(content), compresslevel=LEVEL)

    def array(self, key: str) -> np.ndarray:
        """Raises ValueError when it is missing or not an array of numbers."""
        return np.lib.format.read_array(io.BytesIO(self._read(f"{key}.npy")), allow_pickle=False)

    def blob(self, key: str) -> bytes:
        """Raises ValueError when it is missing."""
        return self._read(key)

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()

    def _read(self, key: str) -> bytes:
        if self._archive is None:
            raise ValueError("these parts were not opened from a file")
        try:
            return self._archive.read(key)
        except (KeyError, zipfile.BadZipFile) as error:
            raise ValueError(f"part {key} is missing or damaged") from error


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
