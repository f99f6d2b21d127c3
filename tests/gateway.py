"""A door before a server on loopback: shut, the server is gone for its clients, and what it holds is not."""

from __future__ import annotations

import contextlib
import socket
import threading


class Gateway:
    """Forwards connections to a port while it is open."""

    def __init__(self, port: int) -> None:
        self.target = port
        self._pairs: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        """Refuse new connections and cut those that are."""
        _end(self._listener)
        with self._guard:
            ends, self._pairs = self._pairs, set()
        for end in ends:
            _end(end)

    def open(self) -> None:
        """The same address answers again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                with self._guard:
                    # One that was accepted just before the door was shut has come too late.
                    is_open = listener.fileno() >= 0
                    if is_open:
                        self._pairs |= {near, far}
                if not is_open:
                    _end(near)
                    _end(far)
                    return
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with self._guard:
            self._pairs -= {source, target}
        for end in (source, target):
            _end(end)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
