"""Lessons: files that a teacher writes, read as values, and the proof that every step of them can be met."""
