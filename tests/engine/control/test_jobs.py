from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from engine.control import jobs
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)


def test_jobs_are_claimed_once_and_in_order(control: Control) -> None:
    asked = [jobs.submit(control, "import", {"folder": str(n)}, NOON) for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        claimed = [job.job_id for job in pool.map(lambda _: jobs.claim(control, 1, NOON), range(40)) if job]
    assert sorted(claimed) == asked
    assert jobs.claim(control, 1, NOON) is None


def test_a_named_job_is_claimed_out_of_order(control: Control) -> None:
    jobs.submit(control, "refresh", {}, NOON)
    second = jobs.submit(control, "refresh", {}, NOON)
    claimed = jobs.claim(control, 1, NOON, second)
    assert claimed is not None
    assert (claimed.job_id, claimed.state, claimed.attempts) == (second, "running", 1)
    assert jobs.claim(control, 1, NOON, second) is None


def test_result_and_error_travel(control: Control) -> None:
    good, bad = (jobs.submit(control, "refresh", {}, NOON) for _ in range(2))
    jobs.report(control, good, "computing")
    jobs.finish(control, good, {"edition": "x", "counts": [1, 2]}, NOON)
    jobs.fail(control, bad, "It cannot be read.", NOON)
    done, failed = jobs.find(control, good), jobs.find(control, bad)
    assert done is not None
    assert (done.state, done.result, done.progress) == (
        "done",
        {"edition": "x", "counts": [1, 2]},
        "computing",
    )
    assert failed is not None
    assert (failed.state, failed.result, failed.error) == ("failed", None, "It cannot be read.")
    assert jobs.find(control, 999) is None


def test_what_a_dead_engine_left_is_queued_again_but_not_for_ever(control: Control) -> None:
    asked = jobs.submit(control, "import", {}, NOON)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.claim(control, 1, NOON) is not None
        jobs.recover(control, NOON)
    job = jobs.find(control, asked)
    assert job is not None
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.startswith("The engine died 3 times")


def test_an_attempt_that_was_broken_off_does_not_count(control: Control) -> None:
    asked = jobs.submit(control, "import", {}, NOON)
    jobs.claim(control, 1, NOON)
    jobs.put_back(control, asked)
    job = jobs.find(control, asked)
    assert job is not None
    assert (job.state, job.attempts) == ("queued", 0)


def test_only_a_job_that_nobody_began_can_be_withdrawn(control: Control) -> None:
    first, second = (jobs.submit(control, "import", {}, NOON) for _ in range(2))
    jobs.claim(control, 1, NOON)
    assert not jobs.withdraw(control, first)
    assert jobs.withdraw(control, second)
    assert jobs.waiting(control) == 1


def test_jobs_long_over_are_forgotten(control: Control) -> None:
    old, fresh = (jobs.submit(control, "import", {}, NOON) for _ in range(2))
    jobs.finish(control, old, {}, NOON)
    jobs.finish(control, fresh, {}, NOON + timedelta(days=7))
    jobs.prune(control, NOON + timedelta(days=8))
    assert jobs.find(control, old) is None
    assert jobs.find(control, fresh) is not None
