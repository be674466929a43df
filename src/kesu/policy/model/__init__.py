"""The compiled policy language: what the loader makes of a pack and the engine executes.

Everything here is immutable and speaks of role slots, facts and clauses of *some* pack. No rule of any company
stands in this package; it only says which shapes of rule there are.
"""
