"""Scaffolds: the operations that every training session needs beside the model's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trackml import logging
from trackml.checkpoint.saver import Saver
from trackml.graph.graph import get_default_graph
from trackml.graph.keys import GraphKeys
from trackml.ops import control
from trackml.ops.framework import get_collection
from trackml.summary import merge_all
from trackml.variables.collections import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)


class Scaffold:
    """The operations that initialise, check, summarise and save; made by `finalize` where they are not given.

    Args:
        init_op: Initialises variables; by default all global ones.
        init_feed_dict: Values to feed to it.
        init_fn: Called with (scaffold, session) after `init_op`.
        ready_op: Names of variables that have no value yet.
        ready_for_local_init_op: The same, before `local_init_op`.
        local_init_op: Initialises what no checkpoint holds: local variables, tables, iterators.
        summary_op: A serialized Summary; by default all of the graph's, merged.
        saver: Saves and restores; by default all global variables.
        copy_from_scaffold: A scaffold to take from what is not given here.
        local_init_feed_dict: Values to feed to `local_init_op`.
    """

    def __init__(
        self,
        init_op: Any = None,
        init_feed_dict: Any = None,
        init_fn: Callable[[Scaffold, Any], Any] | None = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        local_init_op: Any = None,
        summary_op: Any = None,
        saver: Saver | None = None,
        copy_from_scaffold: Scaffold | None = None,
        local_init_feed_dict: Any = None,
    ) -> None:
        base = copy_from_scaffold
        self._given_init_fn: Any = _first(init_fn, base, "_given_init_fn")
        self.init_op: Any = _first(init_op, base, "init_op")
        self.init_feed_dict: Any = _first(init_feed_dict, base, "init_feed_dict")
        self.init_fn = _bound(self, self._given_init_fn)
        self.ready_op: Any = _first(ready_op, base, "ready_op")
        self.ready_for_local_init_op: Any = _first(ready_for_local_init_op, base, "ready_for_local_init_op")
        self.local_init_op: Any = _first(local_init_op, base, "local_init_op")
        self.local_init_feed_dict: Any = _first(local_init_feed_dict, base, "local_init_feed_dict")
        self.summary_op: Any = _first(summary_op, base, "summary_op")
        self.saver: Saver | None = _first(saver, base, "saver")

    def finalize(self) -> Scaffold:
        """Makes what is missing, and makes the graph read-only."""
        if self.init_op is None:
            self.init_op = self._from_collection(GraphKeys.INIT_OP, self._default_init_op)
        if self.ready_op is None:
            self.ready_op = self._from_collection(GraphKeys.READY_OP, report_uninitialized_variables)
        if self.ready_for_local_init_op is None:
            self.ready_for_local_init_op = self._from_collection(
                GraphKeys.READY_FOR_LOCAL_INIT_OP, lambda: report_uninitialized_variables(global_variables())
            )
        if self.local_init_op is None:
            self.local_init_op = self._from_collection(GraphKeys.LOCAL_INIT_OP, self.default_local_init_op)
        if self.summary_op is None:
            self.summary_op = self._from_collection(GraphKeys.SUMMARY_OP, merge_all)
        if self.saver is None:
            self.saver = self._from_collection(GraphKeys.SAVERS, lambda: Saver(sharded=True, allow_empty=True))
        self.saver.build()
        get_default_graph().finalize()
        logging.info("Graph was finalized.")
        return self

    @staticmethod
    def default_local_init_op() -> Any:
        """Initialises local variables, tables and iterators."""
        return control.group(local_variables_initializer(), *get_collection(GraphKeys.TABLE_INITIALIZERS))

    @staticmethod
    def _default_init_op() -> Any:
        return control.group(global_variables_initializer())

    @staticmethod
    def _from_collection(key: str, make: Callable[[], Any]) -> Any:
        """The only item of a collection; made and put there when it is empty."""
        found = get_collection(key)
        if len(found) > 1:
            raise RuntimeError(
                f"More than one item in the collection {key!r}: {found}. Put the right one in a Scaffold."
            )
        if found:
            return found[0]
        made = make()
        if made is not None:
            get_default_graph().add_to_collection(key, made)
        return made


def _first(given: Any, base: Scaffold | None, name: str) -> Any:
    """What was given, or else what the base scaffold has."""
    return getattr(base, name, None) if given is None else given


def _bound(scaffold: Scaffold, init_fn: Any) -> Callable[[Any], Any] | None:
    if init_fn is None:
        return None
    return lambda session: init_fn(scaffold, session)
