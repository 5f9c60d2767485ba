"""Adapters behind the port BundlePublisher."""
