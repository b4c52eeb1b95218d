"""Mappings: a folder's own SELECT that gives foreign files one of our shapes."""

from collections.abc import Mapping
from pathlib import Path

from data.errors import BadInput
from data.speech import english
from data.store.sandbox import Source, sandbox
from data.store.warehouse import StoreError, Warehouse, first_line
from data.unify.folder import Foreign, Incoming
from data.unify.stage import Staged, stage_table


def stage_mapping(
    warehouse: Warehouse, incoming: Incoming, tables: Mapping[str, Foreign], table: str, scratch: Path
) -> Staged:
    """The rows that `<shape>.sql` selects from the folder's files, in a temporary table.

    Raises:
        BadInput: it is not one SELECT, it fails, or it reaches for what it may not read.
    """
    name = incoming.path.name
    sql = _text_of(incoming.path)
    room = scratch / table
    room.mkdir()
    sources = {title: _linked(foreign, room, place) for place, (title, foreign) in enumerate(tables.items())}
    with sandbox(sources, memory=warehouse.settings.memory, scratch=room) as box:
        rows = box.select(sql, name)
        warehouse.connection.register("mapped", rows)
        try:
            warehouse.run(f"create temp table {table} as select * from mapped")
        except StoreError as failure:
            raise BadInput(english("{title}: {reason}.", title=name, reason=first_line(failure))) from failure
        finally:
            warehouse.connection.unregister("mapped")
    return stage_table(warehouse, table, name, incoming.shape)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise BadInput(english("{name} cannot be read as text.", name=path.name)) from failure


def _linked(foreign: Foreign, room: Path, place: int) -> Source:
    """The files under plain names: brackets and stars in a name would be read as patterns."""
    links = []
    for number, file in enumerate(foreign.files):
        link = room / f"{place}_{number}.{foreign.format}{'.gz' if file.suffix == '.gz' else ''}"
        link.symlink_to(file.resolve())
        links.append(link)
    return Source(foreign.format, links)
