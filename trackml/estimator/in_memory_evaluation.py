"""Evaluation within a training, of the values that variables have at the moment, without a checkpoint.

Source: tensorflow_estimator/python/estimator/hooks/hooks.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trackml.estimator import evaluation
from trackml.estimator.estimator import Estimator
from trackml.graph.graph import Graph, get_default_graph
from trackml.train.logging_hooks import as_hooks
from trackml.train.scaffold import Scaffold
from trackml.train.session_run_hook import SessionRunContext, SessionRunHook, SessionRunValues
from trackml.train.timer import SecondOrStepTimer
from trackml.variables.collections import global_variables


class InMemoryEvaluatorHook(SessionRunHook):
    """Evaluates before the training, every so many steps, and at its end.

    Args:
        estimator: The Estimator that is trained.
        input_fn: As for `Estimator.evaluate`.
        steps: How many batches; until the input ends by default.
        hooks: Hooks to run around each batch of the evaluation.
        name: A name of the evaluation: its events go to `eval_<name>` in place of `eval`.
        every_n_iter: Training steps between two evaluations.

    Raises:
        ValueError: `every_n_iter` is not positive.
    """

    def __init__(
        self,
        estimator: Estimator,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Sequence[SessionRunHook] | None = None,
        name: str | None = None,
        every_n_iter: int = 100,
    ) -> None:
        if every_n_iter is None or every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._estimator = estimator
        self._input_fn = input_fn
        self._eval_dir = estimator.eval_dir(name)
        self._hooks = as_hooks(hooks)
        if steps is not None:
            self._hooks.append(evaluation.StopAfterNEvalsHook(steps))
        self._timer = SecondOrStepTimer(every_steps=every_n_iter)

    def begin(self) -> None:
        """Builds the evaluation's graph."""
        self._timer.reset()
        self._steps = 0
        trained = {variable.op.name: variable for variable in global_variables()}
        with self._estimator._new_graph():
            self._graph: Graph = get_default_graph()
            self._built = self._estimator._evaluation(self._input_fn, self._hooks)
            if self._built.scaffold.saver is not None:
                raise ValueError("InMemoryEvaluator does not support custom saver")
            if self._built.scaffold.init_fn is not None:
                raise ValueError("InMemoryEvaluator does not support custom init_fn")
            pairs = [(trained.get(own.op.name), own) for own in global_variables()]
        self._pairs = [(there, own) for there, own in pairs if there is not None]

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Evaluates what the training begins with."""
        self._evaluate(session)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Evaluates when it is due."""
        self._steps += 1
        if self._timer.should_trigger_for_step(self._steps):
            self._evaluate(run_context.session)

    def end(self, session: Any) -> None:
        """Evaluates the last step."""
        self._evaluate(session)

    def _evaluate(self, session: Any) -> None:
        values = session.run([there for there, _ in self._pairs])

        def take_over(scaffold: Scaffold, own_session: Any) -> None:
            for (_, own), value in zip(self._pairs, values):
                own.load(value, own_session)

        built = self._built
        scaffold = Scaffold(init_fn=take_over, copy_from_scaffold=built.scaffold)
        with self._graph.as_default():
            results = evaluation.evaluate_once(built.update_op, built.values, scaffold, built.hooks, None)
        evaluation.write_results(self._eval_dir, results, None)
        self._timer.update_last_triggered_step(self._steps)
