"""The methods by which a bot gets its updates; `getUpdates` is the only one that waits."""

import re
from dataclasses import dataclass
from typing import Any

from simulator import updates
from simulator.errors import bad_request, conflict
from simulator.exchange import Exchange
from simulator.webhook import DEFAULT_CONNECTIONS, CarryOut, Webhook

Json = dict[str, Any]


@dataclass(slots=True)
class Doors:
    """Long poll or webhook: one of the two at a time."""

    x: Exchange
    carry_out: CarryOut
    """Does what the bot asks for in its answer to a delivery."""
    pace: float = 1.0
    _webhook: Webhook | None = None

    async def call(self, method: str, params: Json) -> Any:
        match method:
            case "getUpdates":
                return await self.get_updates(params)
            case "setWebhook" if params.get("url"):
                return await self.set_webhook(params)
            case "getWebhookInfo":
                return self.webhook_info()
            case _:
                return await self.delete_webhook(params)

    async def get_updates(self, params: Json) -> list[Json]:
        if self._webhook is not None:
            raise conflict(updates.WEBHOOK_ACTIVE)
        self._remember_allowed(params)
        limit = params.get("limit", updates.MOST_AT_ONCE)
        if not 1 <= limit <= updates.MOST_AT_ONCE:
            limit = updates.MOST_AT_ONCE
        return await self.x.updates.poll(params.get("offset", 0), limit, params.get("timeout", 0))

    async def set_webhook(self, params: Json) -> bool:
        secret = params.get("secret_token", "")
        if not re.match(r"https?://\S+", params["url"]):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        await self._end_webhook(params)
        self._remember_allowed(params)
        self.x.updates.interrupt(updates.WEBHOOK_SET)
        kept = ("url", "secret_token", "max_connections")
        self.x.world.webhook = {name: params[name] for name in kept if name in params}
        self.resume()
        return True

    async def delete_webhook(self, params: Json) -> bool:
        await self._end_webhook(params)
        self.x.world.webhook = {}
        self.x.changed()
        return True

    def webhook_info(self) -> Json:
        settings = self.x.world.webhook
        info: Json = {"url": settings.get("url", ""), "has_custom_certificate": False}
        info["pending_update_count"] = self.x.updates.waiting()
        if settings:
            info["max_connections"] = settings.get("max_connections", DEFAULT_CONNECTIONS)
            info["ip_address"] = "127.0.0.1"
        info |= {name: value for name, value in settings.items() if name.startswith("last_error_")}
        if self.x.world.allowed_updates:
            info["allowed_updates"] = self.x.world.allowed_updates
        return info

    def resume(self) -> None:
        """Go on with the webhook that was set, perhaps before a restart."""
        if self.x.world.webhook:
            self._webhook = Webhook(self.x.updates, self.x.world.webhook, self.carry_out, self.pace)
            self._webhook.open()
        self.x.changed()

    async def close(self) -> None:
        self.x.updates.interrupt(updates.OTHER_POLLER)
        if self._webhook is not None:
            await self._webhook.close()
            self._webhook = None

    async def _end_webhook(self, params: Json) -> None:
        if self._webhook is not None:
            await self._webhook.close()
            self._webhook = None
        if params.get("drop_pending_updates"):
            self.x.updates.clear()

    def _remember_allowed(self, params: Json) -> None:
        if "allowed_updates" in params:
            self.x.world.allowed_updates = params["allowed_updates"]
