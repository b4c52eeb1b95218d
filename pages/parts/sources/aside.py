"""What was set aside: why, the rows as they came, fixed and replayed."""

import json
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from engine import desk
from pages.parts import cards, links, numbers, person, windows, words
from pages.parts.sources.standing import Standing
from pages.parts.sources.steps import step
from pages.parts.speech import later, retold, say, several, whole

PAGE = 25
AT_ONCE = 500  # rows that one replay takes
LONG = 160  # characters of a raw row that the table shows
JOB, WANTED_ROW = "sources_job", "sources_wanted_row"
Fault = tuple[str, str | None, str]
EVERY = later("Every reason")
HEADS = (
    later("Came by"),
    later("Field"),
    later("Value"),
    later("Reason"),
    later("Row as it came"),
)
NO_RATE = later("Rows without a currency rate count by themselves once one arrives.")


def draw(edition: str, of: Standing) -> None:
    known = st.session_state.get(JOB)
    if not (of.brought and of.brought.quarantined) and not (known and known[0] == of.name):
        return
    reasons = numbers.quarantine_reasons(edition, of.name)
    total = int(reasons["rows"].sum())
    said = several(
        total,
        "{count} row of {source}, kept as they came until somebody fixes them",
        "{count} rows of {source}, kept as they came until somebody fixes them",
        source=escape(of.name),
    )
    with cards.panel("source_aside", say("Set aside"), said):
        watch(of.name)
        if not total:
            cards.note(say("Nothing is set aside any more."), "✓")
            return
        fault = pick(reasons)
        rows_of_fault(edition, of.name, fault, count_of(reasons, fault))


def fault_of(row: dict[str, Any]) -> Fault:
    return row["shape"], row["field"], row["reason"]


def count_of(reasons: pl.DataFrame, fault: Fault | None) -> tuple[int, int]:
    """How many rows have this fault, and how many of them can be read again."""
    rows = [row for row in reasons.to_dicts() if fault is None or fault_of(row) == fault]
    return sum(row["rows"] for row in rows), sum(row["replayable"] for row in rows)


def pick(reasons: pl.DataFrame) -> Fault | None:
    """One reason, or every."""
    rows = {str(place): row for place, row in enumerate(reasons.to_dicts())}
    if len(rows) == 1:
        return fault_of(rows["0"])
    chosen = st.selectbox(
        say("Reason"),
        [EVERY, *rows],
        format_func=lambda key: say(EVERY) if key == EVERY else told(rows[key]),
        key="sources_fault",
        label_visibility="collapsed",
    )
    return fault_of(rows[chosen]) if chosen in rows else None


def told(row: dict[str, Any]) -> str:
    return f"{whole(row['rows'])} × {row['shape']}: {retold(row['reason'])}"


def rows_of_fault(edition: str, source: str, fault: Fault | None, counts: tuple[int, int]) -> None:
    total, replayable = counts
    pages = max(1, -(-total // PAGE))
    with st.container(horizontal=True, vertical_alignment="center"):
        page = st.pagination(pages, key="sources_page") if pages > 1 else 1
        if replayable:
            again(edition, source, fault, replayable)
    rows = numbers.quarantine(edition, source, fault, PAGE, (min(page, pages) - 1) * PAGE)
    table(rows)
    if replayable < total:
        st.html(f'<p class="hf-sub">{say(NO_RATE)}</p>')
    links.follow("sources_rows", lambda asked: act(source, asked))
    fix(rows)


def again(edition: str, source: str, fault: Fault | None, replayable: int) -> None:
    """Everything with this reason, as it came: of use once what was wrong elsewhere is put right."""
    count = min(replayable, AT_ONCE)
    st.button(
        say("Replay it") if count == 1 else say("Replay {count}", count=whole(count)),
        icon=":material/replay:",
        key="sources_replay",
        on_click=replay_all,
        args=(edition, source, fault),
        disabled=is_at_work(source),
        help=what_it_does(replayable),
    )


def what_it_does(replayable: int) -> str:
    if replayable <= AT_ONCE:
        return say("Reads them again as they came. What is still wrong returns here with its reason.")
    return say(
        "Reads them again as they came. What is still wrong returns here with its reason. {count} at a time.",
        count=whole(AT_ONCE),
    )


def table(rows: pl.DataFrame) -> None:
    heads = (*(say(name) for name in HEADS), "")
    head = "".join(f'<th class="hf-left">{name}</th>' for name in heads)
    body = "".join(line(row) for row in rows.iter_rows(named=True))
    st.html(
        f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-rows"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(row: dict[str, Any]) -> str:
    raw, value = row["raw"] or "", row["value"]
    at = words.moment(row["quarantined_at"], numbers.settings().timezone)
    numbered = say("row {number} · {moment}", number=whole(row["row"]), moment=at)
    place = f"{escape(row['file'])}<small>{numbered}</small>"
    cells = (
        escape(row["field"] or words.NONE),
        f"<code>{escape(cut(value, 60))}</code>" if value else words.NONE,
        escape(cut(retold(row["reason"]), 200)),
        folded(raw) if raw else words.NONE,
        buttons(row["quarantine_id"]),
    )
    return f"<tr><th>{place}</th>{''.join(f'<td class=hf-left>{cell}</td>' for cell in cells)}</tr>"


def folded(raw: str) -> str:
    """A row as it came: its beginning, and all of it for whoever opens it."""
    start = f"<summary><code>{escape(cut(raw, LONG))}</code></summary>"
    return f"<details>{start}<pre>{escape(pretty(raw))}</pre></details>"


def buttons(quarantine_id: str | None) -> str:
    if quarantine_id is None:
        return ""
    return (
        f'<button class="hf-act" data-open="fix:{quarantine_id}">{say("Fix")}</button> '
        f'<button class="hf-act" data-open="replay:{quarantine_id}">{say("Replay")}</button>'
    )


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def pretty(raw: str) -> str:
    """JSON with its lines apart; anything else as it is."""
    try:
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw


def act(source: str, asked: str) -> None:
    """A click in the table: fix a row in a dialog, or replay it as it came."""
    what, _, quarantine_id = asked.partition(":")
    if what == "fix":
        st.session_state[WANTED_ROW] = quarantine_id
    elif what == "replay":
        ask(source, [quarantine_id])


def ask(source: str, ids: list[str], raw: str | None = None) -> None:
    person.require_whole("lead")
    st.session_state[JOB] = (source, desk.replay(numbers.settings(), ids, raw))


def replay_all(edition: str, source: str, fault: Fault | None) -> None:
    rows = numbers.quarantine(edition, source, fault, AT_ONCE)
    ask(source, rows["quarantine_id"].drop_nulls().to_list())


def fix(rows: pl.DataFrame) -> None:
    """The dialog of the row whose button was clicked."""
    wanted = st.session_state.pop(WANTED_ROW, None)
    found = rows.filter(pl.col("quarantine_id") == wanted) if wanted else rows.clear()
    if not found.is_empty():
        fixing(found.row(0, named=True))


@windows.dialog(later("Fix a row"), width="large")
def fixing(row: dict[str, Any]) -> None:
    person.require_whole("lead")
    place = say(
        "{shape} from {file}, row {number}", shape=row["shape"], file=row["file"], number=whole(row["row"])
    )
    st.html(f'<p class="hf-fix"><b>{escape(row["reason"])}</b><br>{escape(place)}</p>')
    with st.form("sources_fixing", border=False):
        raw = st.text_area(say("The row, as JSON"), pretty(row["raw"] or ""), height=320, key="sources_raw")
        if st.form_submit_button(say("Replay it like this"), type="primary", key="sources_do_fix"):
            send(row, raw)


def send(row: dict[str, Any], raw: str) -> None:
    if wrong := fault_in(raw):
        st.error(wrong, icon=":material/error:")
        return
    ask(row["source"], [row["quarantine_id"]], raw)
    st.rerun()


def fault_in(raw: str) -> str | None:
    """Why a text is no row."""
    try:
        found = json.loads(raw)
    except ValueError as bad:
        return say("This is not JSON: {fault}.", fault=bad)
    except RecursionError:
        return say("This is nested too deeply.")
    return None if isinstance(found, dict) else say("A row is a JSON object: { … }.")


def is_at_work(source: str) -> bool:
    known = st.session_state.get(JOB)
    job = numbers.job(known[1]) if known and known[0] == source else None
    return job is not None and not job.is_over


def watch(source: str) -> None:
    """What became of the last replay; looks every second while it is under way."""
    known = st.session_state.get(JOB)
    if not known or known[0] != source:
        return
    every = 1.0 if is_at_work(source) else None
    st.fragment(lambda: outcome(known[1]), run_every=every, key="sources_replayed")()


def outcome(job_id: int) -> None:
    person.require_whole("lead")
    job = numbers.job(job_id)
    if job is None:
        return
    if not job.is_over:
        text = job.progress or (
            say("reading again") if numbers.engine().alive else say("waiting for the engine to run")
        )
        step("open", say("Reading again …"), text)
    elif job.state == "failed":
        step("bad", say("It was not read again"), job.error or "")
    else:
        done(job.result or {})


def done(result: dict[str, Any]) -> None:
    taken, refused = result.get("taken", 0), result.get("refused", [])
    if taken:
        step(
            "good",
            several(taken, "{count} row taken in", "{count} rows taken in"),
            say("The next edition counts it.") if taken == 1 else "",
        )
    if refused:
        reasons = "; ".join(dict.fromkeys(each["reason"] for each in refused[:3]))
        step(
            "bad",
            several(len(refused), "{count} row still set aside", "{count} rows still set aside"),
            reasons,
        )
