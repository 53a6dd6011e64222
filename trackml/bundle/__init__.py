"""Tensor bundles: the files in which TensorFlow keeps the values of variables (`NAME.index`, `NAME.data-*`)."""

from __future__ import annotations

from trackml.bundle.bundle import BundleReader, BundleWriter
from trackml.bundle.index import index_path

__all__ = ["BundleReader", "BundleWriter", "index_path"]
