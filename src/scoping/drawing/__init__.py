"""Diagrams and charts. This layer draws what it is given; it counts nothing."""
