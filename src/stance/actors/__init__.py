"""Actors: from names in a text to countries, organisations, armed groups and offices."""

from stance.actors.gazetteer import Actor, ActorMatch, Gazetteer

__all__ = ["Actor", "ActorMatch", "Gazetteer"]
