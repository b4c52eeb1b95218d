"""Chance without memory: the same seed, question and number always draw the same."""

import zlib

import numpy as np

from data.samples.clock import Floats, Ints

ODD, MIX_ONE, MIX_TWO = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def luck(seed: int, question: str, number: Ints) -> Floats:
    """Uniform between 0 and 1 (SplitMix64, Steele, Lea and Flood 2014)."""
    start = (zlib.crc32(question.encode()) << 32 | seed & 0xFFFFFFFF) * ODD & 0xFFFFFFFFFFFFFFFF
    mixed = number.astype(np.uint64) * np.uint64(ODD) + np.uint64(start)
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(MIX_ONE)
    mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(MIX_TWO)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bell(seed: int, question: str, number: Ints) -> Floats:
    """Normal with mean 0 and spread 1 (Box and Muller)."""
    far = np.sqrt(-2.0 * np.log(1.0 - luck(seed, question + " far", number)))
    around: Floats = far * np.cos(2.0 * np.pi * luck(seed, question + " around", number))
    return around


def delay(seed: int, question: str, number: Ints, *, median: int, spread: float) -> Ints:
    """Seconds until something happens, at least one."""
    return 1 + (median * np.exp(spread * bell(seed, question, number))).astype(np.int64)


def choice(seed: int, question: str, number: Ints, share: tuple[float, ...]) -> Ints:
    """Positions drawn by share."""
    edges = np.cumsum(share)
    drawn = np.searchsorted(edges, luck(seed, question, number) * edges[-1], side="right")
    position: Ints = np.minimum(drawn, len(share) - 1).astype(np.int64)
    return position
