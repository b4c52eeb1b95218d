from datetime import datetime

import pytest

from data.archive import chunks
from data.errors import GiveUp
from data.intake.delivery import Delivery
from data.settings import Settings

NOON = datetime(2026, 11, 23, 12)
EPOCH = "ab12"


def deliveries(first: int, last: int) -> list[Delivery]:
    return [
        Delivery(number, "app", "segment", NOON, {":path": "/v1/track"}, b"\x00\xff body %d" % number)
        for number in range(first, last + 1)
    ]


def test_deliveries_are_read_as_they_were_kept(settings: Settings) -> None:
    kept = chunks.keep(settings, 1, EPOCH, deliveries(1, 3))
    assert list(chunks.read(kept)) == deliveries(1, 3)


def test_a_delivery_without_headers_and_body_is_kept(settings: Settings) -> None:
    bare = Delivery(1, "app", "facts", NOON, {}, b"")
    assert list(chunks.read(chunks.keep(settings, 1, EPOCH, [bare]))) == [bare]


def test_chunks_lie_in_a_folder_a_day_and_are_listed_in_the_order_of_writing(settings: Settings) -> None:
    for number, (first, last) in enumerate([(1, 3), (4, 4), (5, 11)], start=1):
        chunks.keep(settings, number, EPOCH, deliveries(first, last))
    found = chunks.chunks(settings)
    assert [(chunk.first, chunk.last) for chunk in found] == [(1, 3), (4, 4), (5, 11)]
    assert {chunk.path.parent.name for chunk in found} == {"2026-11-23"}
    assert chunks.archived_until(found, EPOCH) == 11
    assert chunks.archived_until(found, "another") == 0


def test_what_a_killed_writer_left_is_no_chunk_and_is_swept(settings: Settings) -> None:
    kept = chunks.keep(settings, 1, EPOCH, deliveries(1, 3))
    left = kept.path.with_name(f"{chunks.UNFINISHED}-{kept.path.name}")
    kept.path.rename(left)
    assert chunks.chunks(settings) == []
    chunks.sweep(settings)
    assert not left.exists()


def test_a_damaged_chunk_says_what_is_lost_with_it(settings: Settings) -> None:
    kept = chunks.keep(settings, 1, EPOCH, deliveries(1, 3))
    kept.path.write_bytes(b"no parquet")
    with pytest.raises(GiveUp, match=r"put it back from a backup, or remove it and lose deliveries 1 to 3"):
        list(chunks.read(kept))
