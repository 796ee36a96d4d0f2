"""Open the database of a deployment: an empty one is set up, one of another version is refused."""

from sqlalchemy import inspect

from models.migrations import check_current, upgrade
from models.session import Store
from pipeline.config import Settings
from pipeline.network import use_network
from pipeline.sealing import use_archive_key


def open_store(settings: Settings) -> Store:
    """Raises StoreError where the schema is older or newer than the program: migrating is the operator's step.

    The archive's key and the way out are taken up here too, so that no way in forgets them.
    """
    use_archive_key(settings)
    use_network(settings)
    store = Store(settings.store_url)
    with store.in_words():
        if not inspect(store.engine).get_table_names():
            upgrade(store.engine)
        check_current(store.engine)
    return store
