from datetime import datetime
from pathlib import Path

import pytest

from data.errors import BadInput
from data.settings import Settings
from engine.instants import instant


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2025-03-01T09:00:00Z", datetime(2025, 3, 1, 9)),
        ("2025-03-01T09:00:00+01:00", datetime(2025, 3, 1, 8)),
        ("2025-03-01T09:00:00.123456-05:30", datetime(2025, 3, 1, 14, 30, 0, 123456)),
        ("2025-03-01T09:00:00", datetime(2025, 3, 1, 9)),
        ("2025-03-01 09:00", datetime(2025, 3, 1, 9)),
        ("2025-03-01", datetime(2025, 2, 28, 23)),
        ("2025-07-01", datetime(2025, 6, 30, 22)),
        (" 2025-07-01T00:00Z ", datetime(2025, 7, 1)),
    ],
)
def test_instants_are_read_as_written(tmp_path: Path, typed: str, expected: datetime) -> None:
    assert instant(typed, Settings(home=tmp_path, timezone="Europe/Warsaw")) == expected


@pytest.mark.parametrize("typed", ["yesterday", "2025-13-01", "01/02/2025", "", "0001-01-01T00:00:00+05:00"])
def test_what_is_no_instant_is_refused_with_examples(settings: Settings, typed: str) -> None:
    with pytest.raises(BadInput, match="is not an instant; write 2025-03-01T09:00:00Z"):
        instant(typed, settings)
