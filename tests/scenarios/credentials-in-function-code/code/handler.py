"""Sends orders on; what it needs stands in settings.env."""


def handle(event: dict[str, object], context: object) -> dict[str, object]:
    return {"statusCode": 202, "order": event.get("id")}
