"""Chargebee's events as facts, of both its catalogs: plans with addons, and item prices."""
