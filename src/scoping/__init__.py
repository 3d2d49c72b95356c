"""From bibliographic exports to PRISMA: a systematic scoping review as one workflow."""

__version__ = "0.1.0"
