"""How much scores and places depend on the choices behind an index, and on chance.

An index could have been made otherwise: with other weights, another way of averaging, another scale, another rule for
what is missing, another list of criteria; and its answers could have fallen otherwise. ``uncertainty`` makes all these
choices anew many times and tells within which places a unit stays; ``sobol`` tells which of the choices matter. Every
factor is driven by one number between 0 and 1 and independent of the others; a factor that is switched off, or has
nothing to vary, changes nothing.

Only units that have a score nominally take part. One that loses its score in a replication has no place there, and the
others are placed as if it stood where it nominally stands, so that nobody rises because somebody else drops out.
"""

from scoring.sensitivity.attribution import Indices, Sobol, indices, sobol
from scoring.sensitivity.factors import FACTORS, SCALINGS, FactorOutOfRange, Factors
from scoring.sensitivity.nominal import ArraysDiffer, Nominal, SamplingErrorUnusable, ScoreOutOfRange
from scoring.sensitivity.places import Uncertainty, uncertainty
from scoring.sensitivity.replications import Flags, ReplicationsNotUsable

__all__ = [
    "FACTORS",
    "SCALINGS",
    "ArraysDiffer",
    "FactorOutOfRange",
    "Factors",
    "Flags",
    "Indices",
    "Nominal",
    "ReplicationsNotUsable",
    "SamplingErrorUnusable",
    "ScoreOutOfRange",
    "Sobol",
    "Uncertainty",
    "indices",
    "sobol",
    "uncertainty",
]
