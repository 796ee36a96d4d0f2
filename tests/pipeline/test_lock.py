import pytest

from models.session import Store
from pipeline.lock import ScanRunningError, scan_lock


def test_a_second_scan_on_the_same_database_is_refused(store: Store) -> None:
    other = Store(store.url)
    with scan_lock(store), pytest.raises(ScanRunningError, match="lượt quét khác"), scan_lock(other):
        pass
    other.close()


def test_the_lock_is_free_again_when_the_scan_ends(store: Store) -> None:
    with scan_lock(store):
        pass
    with scan_lock(store):
        pass
