"""Tools of whoever writes a policy: what two policies differ in, what a catalogue misses, a first draft, the manual."""
