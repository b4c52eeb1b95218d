"""What the features of the model are called."""

from pages.parts import words
from pages.parts.speech import later, say

NAMES = {
    "days_since_active": later("days since active"),
    "active_7": later("active 7"),
    "active_28": later("active 28"),
    "active_90": later("active 90"),
    "recent_active": later("recent active"),
    "recent_events": later("recent events"),
    "events_7": later("events 7"),
    "events_28": later("events 28"),
    "events_90": later("events 90"),
    "value_28": later("value 28"),
    "breadth_28": later("breadth 28"),
    "users_28": later("users 28"),
    "days_trend": later("days trend"),
    "events_trend": later("events trend"),
    "week_trend": later("week trend"),
    "tenure_days": later("tenure days"),
    "came_back": later("came back"),
    "price": later("price"),
    "contractions_90": later("contractions 90"),
    "expansions_90": later("expansions 90"),
    "plan": later("plan"),
    "seats": later("seats"),
    "subscriptions": later("subscriptions"),
    "days_to_renewal": later("days to renewal"),
    "has_value": later("has value"),
    "hours_to_value": later("hours to value"),
    "is_activated": later("is activated"),
    "failed_30": later("failed 30"),
    "failed_90": later("failed 90"),
    "last_failed": later("last failed"),
    "past_due": later("past due"),
    "overdue": later("overdue"),
    "disputed_90": later("disputed 90"),
    "tickets_30": later("tickets 30"),
    "tickets_90": later("tickets 90"),
    "tickets_open": later("tickets open"),
    "satisfaction": later("satisfaction"),
    "last_score": later("last score"),
    "sentiment": later("sentiment"),
    "messages_90": later("messages 90"),
    "opened_share": later("opened share"),
    "unsubscribed": later("unsubscribed"),
    "rule_recency": later("rule recency"),
    "rule_frequency": later("rule frequency"),
    "rule_engagement": later("rule engagement"),
}


def said(key: str) -> str:
    """A feature's name within a sentence; a segment's is the company's own."""
    return say(NAMES[key]) if key in NAMES else words.name_of(key).lower()
