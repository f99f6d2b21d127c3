import time

import pytest

from tasks.adapters.record import shipper as module
from tasks.adapters.record.calls import StoreAway
from tasks.adapters.record.shipper import Shipper


class Sender:
    """Away until it is told that it is back."""

    waiting, back, tries = True, False, 0

    def send(self):
        self.tries += 1
        if not self.back:
            raise StoreAway("away")
        self.waiting = False

    def tidy(self):
        pass


@pytest.fixture
def shipper(tmp_path, monkeypatch):
    """In a pause of a minute after its first failure."""
    monkeypatch.setattr(module, "FIRST_WAIT", 60.0)
    made = Shipper(tmp_path, tmp_path)
    made._sender = Sender()
    made.wake()
    while not made.problem:
        time.sleep(0.01)
    monkeypatch.setattr(module, "FIRST_WAIT", 0.05)
    return made


def test_a_store_that_is_back_is_asked_by_who_waits_for_the_end_not_after_the_pause(shipper):
    shipper.sender.back = True
    assert shipper.drain(20.0)


def test_a_store_that_stays_away_is_asked_again_until_the_patience_ends(shipper):
    assert not shipper.drain(1.0)
    assert 2 <= shipper.sender.tries <= 22
