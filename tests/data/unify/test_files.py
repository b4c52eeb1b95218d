"""Files as people really send them: broken rows beside good ones, odd separators, missing columns."""

import gzip

import polars as pl
import pytest

from data.errors import BadInput
from data.unify.text import has_blank_lines

GOOD = "account_id,created_at,name\na1,2024-01-01,Acme\na2,2024-01-02,Beta\n"
HEAD = "account_id,created_at,name\n"


def names(desk) -> list[tuple[str, str]]:
    return desk.rows("select account_id, name from accounts order by seq")


def test_broken_rows_are_set_aside_and_keep_the_numbers_of_the_rest(desk) -> None:
    text = (
        HEAD.encode()
        + b"a1,2024-01-01,Acme\n"  # row 2
        + b"a2,2024-01-02\n"  # 3: too few
        + b'a3,2024-01-03,"two\nlines"\n'  # 4
        + b"a4,2024-01-04,x,y\n"  # 5: too many
        + b'a5,2024-01-05,"bro"ken\n'  # 6: goes on after its quote
        + b"\n"  # 7: an empty row of the sheet
        + b"a6,2024-01-06,\xff\xfe\n"  # 8: not UTF-8
        + b"a7,bogus,Zed\n"  # 9
        + b'a8,2024-01-08,6" pipe\n'  # 10: a quote inside is a quote
        + b'a9,2024-01-09,"never closed\n'  # 11
        + b"b1,2024-01-10,Last\n"  # 12
    )
    assert desk.take("accounts.csv", text) == (10, 4, 0, 0, 6)
    assert names(desk) == [("a1", "Acme"), ("a3", "two\nlines"), ("a8", '6" pipe'), ("b1", "Last")]
    assert [(row, field, reason) for row, field, _, reason in desk.set_aside()] == [
        (3, None, "the row has too few fields: 2 instead of 3"),
        (5, None, "the row has too many fields: 4 instead of 3"),
        (6, None, "a quoted value is not closed, or goes on after its closing quote"),
        (8, None, "the row is not UTF-8 text"),
        (9, "created_at", "created_at 'bogus' is not a time such as 2024-05-31T13:45:00Z"),
        (11, None, "a quoted value is not closed, or goes on after its closing quote"),
    ]
    assert desk.column("select raw from quarantine_listing where row = 5") == ["a4,2024-01-04,x,y"]


def test_row_numbers_count_a_record_over_several_lines_once(desk) -> None:
    desk.take("accounts.csv", HEAD + 'a1,2024-01-01,"one\ntwo\nthree"\na2,bogus,x\n')
    assert [row for row, *_ in desk.set_aside()] == [3]


def test_the_same_good_rows_load_whether_read_fast_or_mended(open_desk) -> None:
    fast, mended = open_desk(), open_desk()
    fast.take("accounts.csv", GOOD)
    mended.take("accounts.csv", GOOD + "broken\n")
    stored = "select fact_id, seq, account_key, account_id, created_at, name from accounts order by seq"
    assert fast.rows(stored) == mended.rows(stored)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("account_id,created_at", " Account ID , Created_At "),
        GOOD.replace("name", '"name"').replace("Acme", '"Acme"'),
        GOOD.removesuffix("\n"),
        GOOD + "\n\n\n",
        "\ufeff" + GOOD.replace("\n", "\r\n").replace(",", ";") + "\r\n\r\na3;x\r\n",
    ],
    ids=[
        "bom",
        "crlf",
        "semicolons",
        "tabs",
        "untidy header",
        "quoted",
        "no last newline",
        "blank end",
        "excel",
    ],
)
def test_csv_in_all_its_dialects(desk, text: str) -> None:
    desk.take("accounts.csv", text)
    assert names(desk) == [("a1", "Acme"), ("a2", "Beta")]


def test_zipped_and_other_formats_say_the_same(desk) -> None:
    lines = (
        '{"account_id":"a1","created_at":"2024-01-01","name":"Acme"}\n'
        '{"account_id":"a2","created_at":"2024-01-02","name":"Beta"}\n'
    )
    assert desk.take("accounts.csv.gz", gzip.compress(GOOD.encode()))[1] == 2
    (desk.folder / "accounts.csv.gz").unlink()
    desk.take("accounts.ndjson", lines)
    desk.put("accounts.ndjson.gz", gzip.compress(lines.encode()))
    pl.read_csv(GOOD.encode()).write_parquet(desk.folder / "accounts.parquet")
    again = desk.load().counts[0]
    assert (again.read, again.repeated) == (6, 6)
    assert names(desk) == [("a1", "Acme"), ("a2", "Beta")]


def test_broken_lines_of_json_are_set_aside(desk) -> None:
    text = (
        b'\xef\xbb\xbf{"account_id":"a1","created_at":"2024-01-01"}\n'
        b"\n"
        b'{"account_id":"a2",\n'
        b"[1]\n"
        b'{"account_id":"\xff","created_at":"2024-01-01"}\n'
        b'{"account_id":"a3","created_at":"soon"}\n'
        b'{"created_at":"2024-01-01"}\n'
        b'{"account_id":"a4","created_at":1704067200}'
    )
    assert desk.take("accounts.ndjson", text) == (7, 2, 0, 0, 5)
    assert [(row, reason) for row, *_, reason in desk.set_aside()] == [
        (3, "the line is not a JSON object"),
        (4, "the line is not a JSON object"),
        (5, "the line is not UTF-8 text"),
        (6, "created_at 'soon' is not a time such as 2024-05-31T13:45:00Z"),
        (7, "account_id is missing"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("accounts.csv", "id,created_at\n1,2\n",
         "accounts.csv lacks the column account_id; it has: id, created_at."),
        ("accounts.ndjson", '{"id":1,"created_at":2}\n',
         "accounts.ndjson lacks the column account_id; it has: created_at, id."),
        ("accounts.csv", "", "accounts.csv is empty: its first line must name the columns."),
        ("accounts.csv", "\n" + GOOD,
         "accounts.csv begins with an empty line: its first line must name the columns."),
        ("accounts.csv", GOOD.replace("\n", "\r"),
         "accounts.csv ends its lines with carriage returns alone; save it with line feeds."),
        ("accounts.csv", b"\0" * 9, "accounts.csv is not text: there are NUL bytes in its first line."),
        ("accounts.csv", "account_id,Account_ID,created_at\n",
         "accounts.csv has the column account_id more than once."),
        ("accounts.csv", GOOD.encode("utf-16"), "accounts.csv is UTF-16 text; save it as UTF-8."),
        ("accounts.csv.gz", b"no", "accounts.csv.gz is not a whole gzip file."),
        ("accounts.csv.gz", gzip.compress(GOOD.encode())[:-9], "accounts.csv.gz is not a whole gzip file."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_stops_the_import_in_one_sentence(desk, name, text, sentence) -> None:
    desk.put("events.csv", "account_id,occurred_at,name\na1,2024-01-01,x\n")
    desk.put(name, text)
    with pytest.raises(BadInput) as refused:
        desk.load()
    assert str(refused.value) == sentence
    assert desk.column("select count(*) from events") + desk.column("select count(*) from imports") == [0, 0]


def test_a_broken_parquet_file_stops_the_import(desk) -> None:
    with pytest.raises(BadInput, match=r"^events\.parquet cannot be read: .*\.$"):
        desk.take("events.parquet", "PAR1 nothing PAR1")


def test_files_that_are_not_understood_are_told(desk) -> None:
    desk.put("accounts.csv", GOOD)
    desk.put("customers.csv", GOOD)
    desk.put("notes.txt", "hello")
    desk.put("old/accounts.csv", GOOD)
    desk.put(".DS_Store", "")
    customers, notes, old = desk.load().problems
    assert customers.startswith(
        "customers.csv was not read: there is no shape 'customers'; the shapes are fx_rates,"
    )
    assert notes.startswith("notes.txt was not read: the files read are .csv.gz,")
    assert old == "old was not read: folders inside the folder are read only through a mapping."


def test_a_folder_with_nothing_to_load_is_refused(desk) -> None:
    with pytest.raises(BadInput, match="holds no file named for a shape"):
        desk.load()
    desk.folder = desk.folder / "absent"
    with pytest.raises(BadInput, match="is not a folder"):
        desk.load()


def test_file_names_with_pattern_signs_are_just_names(open_desk, tmp_path) -> None:
    desk = open_desk()
    desk.folder = tmp_path / "a [b] * c"
    assert desk.take("accounts.csv", GOOD)[1] == 2
    pl.read_csv(GOOD.encode()).write_parquet(desk.folder / "accounts.parquet")
    assert desk.load().counts[0].repeated == 4


def test_blank_lines_are_found_but_for_those_at_the_end(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("data.unify.text._BLOCK", 4)
    file = tmp_path / "lines"
    for text, expected in [
        (b"a\nb\n", False), (b"a\n\nb\n", True), (b"a\nb\n\n\n\n\n\n\n", False), (b"abc\n\nabc", True),
        (b"abcd\r\n\r\nabc", True), (b"a\r\nb\r\n\r\n\r\n", False), (b"", False),
        (b"abc\r\nd\r\n\r\nx", True),
    ]:  # fmt: skip
        file.write_bytes(text)
        assert has_blank_lines(file) is expected, text
