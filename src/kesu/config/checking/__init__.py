"""`kesu check`: whether this installation is in order. One function a question; each answers in one sentence.

A function is told what it judges (an address, a folder, an instant) and returns a `Finding`. `everything` asks all of
them in the order in which an operator would mend things.
"""
