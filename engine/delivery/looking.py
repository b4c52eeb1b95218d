"""Looks at the details of alerts that are told of again, as the newest edition knows them."""

from data.settings import Settings
from engine.alerts.details import Looker
from engine.alerts.rehearsal import stage_of
from engine.delivery.happening import Look, nothing_more
from metrics import read


def looker(settings: Settings) -> Look:
    edition = read.current(settings)
    return Looker(settings, edition, stage_of(settings)) if edition else nothing_more
