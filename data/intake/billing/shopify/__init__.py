"""Shopify's webhooks as facts: its customers, orders, payments and subscription contracts."""
