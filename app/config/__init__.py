"""Every setting of the site, read from the environment once, and what each one means."""

from app.config.reading import read
from app.config.settings import DEMO_SECRET, PROJECT, BadSettings, Network, Settings

__all__ = ["DEMO_SECRET", "PROJECT", "BadSettings", "Network", "Settings", "read"]
