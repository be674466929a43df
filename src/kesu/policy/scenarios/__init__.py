"""Scenarios: tests in a pack's own words, played through the engine."""

from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Difference, Result, Ways, run_scenario, run_scenarios
from kesu.policy.scenarios.script import Scenario

__all__ = ["Difference", "Result", "Scenario", "Ways", "read_scenarios", "run_scenario", "run_scenarios"]
