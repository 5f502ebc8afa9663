from detection.delivery.models.event import Event, EventType
from detection.delivery.models.replay import Replay
from detection.delivery.models.webhook import Attempt, Delivery, WebhookEndpoint

__all__ = ["Attempt", "Delivery", "Event", "EventType", "Replay", "WebhookEndpoint"]
