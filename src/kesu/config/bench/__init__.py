"""`kesu bench`: a large company in a database of its own, and what the program costs there.

Not a timed test: nothing here decides whether a change is right. It loads cases, asks for pages as a browser does, and
prints what each costs in processor time beside what the bare machine costs in the same run."""
