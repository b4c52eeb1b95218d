"""The figures over HTTP are those of the export, page by page, in every format."""

import io
import json
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from starlette.testclient import TestClient

from data.settings import Settings
from engine.api import figures
from engine.api.resource import SCHEMAS
from engine.export import rendered
from metrics import read
from tests.engine.api.conftest import Headers, client_of, refresh

TABLES = ["metrics", "cohorts"]


def exported(settings: Settings, table: str) -> pl.DataFrame:
    return read.table(settings, read.current(settings), table)


@pytest.mark.parametrize("table", TABLES)
def test_arrow_is_the_export_to_the_last_digit(
    client: TestClient, viewer: Headers, published: Settings, table: str
) -> None:
    answer = client.get(f"/api/v1/{table}?format=arrow", headers=viewer)
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
    assert_frame_equal(pl.read_ipc_stream(answer.content), exported(published, table).head(10_000))


@pytest.mark.parametrize("table", TABLES)
def test_pages_laid_end_to_end_are_the_whole_export(
    client: TestClient, viewer: Headers, published: Settings, table: str
) -> None:
    rows, url = [], f"/api/v1/{table}?grain=month&limit=1999"
    while url:
        page = client.get(url, headers=viewer)
        told = page.json()
        rows += told["rows"]
        assert (f'<{told["next"]}>; rel="next"' if told["next"] else None) == page.headers.get("link")
        url = told["next"]
    wanted = exported(published, table).filter(pl.col("grain") == "month")
    instants = wanted.with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))
    assert rows == json.loads(instants.write_json())


def test_csv_is_the_export_but_for_text_that_a_spreadsheet_would_run(
    client: TestClient, viewer: Headers, published: Settings
) -> None:
    asked = {"grain": "month", "dimension": "region"}
    answer = client.get("/api/v1/metrics", params=asked, headers=viewer | {"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    wanted = exported(published, "metrics").filter(
        (pl.col("grain") == "month") & (pl.col("dimension") == "region")
    )
    assert any(
        line.startswith(b"mrr,month") and b",=cmd" in line for line in rendered(wanted, "csv").splitlines()
    )
    assert answer.content == rendered(wanted, "csv").replace(b",=cmd", b",'=cmd")


def test_money_is_exact_text(client: TestClient, viewer: Headers, published: Settings) -> None:
    rows = client.get("/api/v1/cohorts?grain=month&dimension=all", headers=viewer).json()["rows"]
    wanted = exported(published, "cohorts").filter(
        (pl.col("grain") == "month") & (pl.col("dimension") == "all")
    )
    assert [Decimal(row["mrr_k"]) for row in rows] == wanted["mrr_k"].to_list()


def test_every_filter_narrows(client: TestClient, viewer: Headers) -> None:
    asked = {
        "metric": ["signups", "mrr"], "grain": "month", "dimension": "region", "segment": "Europe",
        "from": "2025-10-01", "to": "2026-01-01", "complete": "true",
    }  # fmt: skip
    rows = client.get("/api/v1/metrics", params=asked, headers=viewer).json()["rows"]
    assert {row["metric"] for row in rows} == {"signups", "mrr"}
    assert {row["period_start"] for row in rows} == {"2025-10-01", "2025-11-01", "2025-12-01"}
    assert {(row["grain"], row["dimension"], row["segment"], row["complete"]) for row in rows} == {
        ("month", "region", "Europe", True)
    }


def test_the_rows_have_the_columns_that_are_declared(published: Settings) -> None:
    for resource in (figures.METRICS, figures.COHORTS):
        frame = exported(published, resource.name)
        assert frame.columns == [column.name for column in resource.columns]
        assert all(column.kind in SCHEMAS for column in resource.columns)


def test_a_cursor_stays_with_its_edition_until_that_is_removed(
    tmp_path, published: Settings, viewer: Headers
) -> None:
    import shutil

    shutil.copytree(published.home, tmp_path / "home")
    settings = published.model_copy(update={"home": tmp_path / "home"})
    first = read.current(settings)
    with client_of(settings) as client:
        page = client.get("/api/v1/metrics?limit=10", headers=viewer).json()
        assert refresh(settings) > first
        following = client.get(page["next"], headers=viewer)
        assert following.json()["edition"] == first == following.headers["holdfast-edition"]
        assert client.get("/api/v1/metrics?limit=1", headers=viewer).json()["edition"] > first
        (settings.published / f"{first}.duckdb").unlink()
        for url in (page["next"], f"/api/v1/metrics?edition={first}"):
            gone = client.get(url, headers=viewer)
            assert gone.status_code == 410
            assert "no longer kept; begin again without cursor" in gone.json()["detail"]


def test_a_notebook_reads_it_with_polars_and_with_pandas(client: TestClient, viewer: Headers) -> None:
    arrow = client.get("/api/v1/metrics?metric=mrr&grain=month&format=arrow", headers=viewer)
    frame = pl.read_ipc_stream(arrow.content)
    assert frame.schema["period_start"] == pl.Date
    import pandas as pd

    csv = client.get("/api/v1/metrics?metric=mrr&grain=month&format=csv", headers=viewer)
    table = pd.read_csv(io.BytesIO(csv.content), parse_dates=["period_start"])
    assert table["value"].sum() == pytest.approx(frame["value"].sum())
    import pyarrow as pa

    assert pa.ipc.open_stream(arrow.content).read_all().num_rows == len(table)
