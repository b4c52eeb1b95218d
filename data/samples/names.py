"""Made-up names: companies nobody runs, people nobody is, addresses under the reserved .example."""

import numpy as np

from data.samples.clock import Ints


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


STARTS = _words(
    "Alder Brim Cald Dorn Elm Fenn Garr Hollo Ister Juni Kest Lumo Mard Nettle Orri Pell Quill Rond "
    "Sable Tarn Umber Vell Wend Yarro Zeph Bramble Corvi Dunlo Ember Foss"
)
ENDS = _words(
    "avon bec crest dale enna field gate haven ilia joy kettle lark mere nook ova park quist ridge stead "
    "tide ulon vane wick yard zora brook"
)
TRADES = _words(
    "Analytics Architects Bakeries Ceramics Clinics Consulting Dental Design Education Energy Engineering "
    "Events Fitness Foods Freight Gardens Health Hotels Interiors Labs Legal Logistics Media Optics Outdoors "
    "Pharma Press Robotics Software Studio Supply Textiles Travel Works"
)
# Trades of those who come while the demo is watched: no name of theirs was there before.
NEW_TRADES = _words(
    "Apiaries Aquatics Archives Brewing Carpentry Cycles Dairy Drones Film Forestry Furniture Glass "
    "Instruments Jewellery Lighting Museums Nurseries Paper Pottery Printing Roasters Sailing Seeds Solar "
    "Tiles Toys Tutors"
)
FIRST = _words(
    "Ana Bruno Chloe Deniz Elif Farid Greta Hugo Ilse Jonas Kira Luca Mina Noor Oskar Pilar Quentin Rosa "
    "Sven Tala Uma Vera Wim Xenia Yusuf Zoe Amara Bastian Carmen Dara"
)
LAST = _words(
    "Alvar Brandt Costa Drexel Eriks Falk Garza Holm Ivers Jansky Kowal Lopes Meyrin Navarro Okoro Petrov "
    "Quiroga Rossi Sato Tanaka Urbano Virtan Weiss Yilmaz Zeman"
)


ENOUGH = len(STARTS) * len(ENDS) * len(TRADES)
ENOUGH_NEW = len(STARTS) * len(ENDS) * len(NEW_TRADES)
PEOPLE = len(FIRST) * len(LAST)


def companies(chance: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
    """Unique company names, and an address of a person at each."""
    drawn = _distinct(chance, count)
    people = chance.integers(0, PEOPLE, count)
    firms = [firm(number % ENOUGH, number // ENOUGH) for number in drawn.tolist()]
    names = [f"{root} {trade}" for root, trade in firms]
    return names, [address(*firm, person) for firm, person in zip(firms, people.tolist(), strict=True)]


def _distinct(chance: np.random.Generator, count: int) -> Ints:
    """Different numbers, small ones as long as they last."""
    rounds = -(-count // ENOUGH)
    return np.concatenate([chance.permutation(ENOUGH) + k * ENOUGH for k in range(rounds)])[:count].astype(
        np.int64
    )


def firm(number: int, again: int = 0, trades: tuple[str, ...] = TRADES) -> tuple[str, str]:
    root, trade = divmod(number, len(trades))
    start, end = divmod(root, len(ENDS))
    return f"{STARTS[start]}{ENDS[end]}", trades[trade] + (f" {again + 1}" if again else "")


def address(root: str, trade: str, person: int) -> str:
    first, last = divmod(person, len(LAST))
    return f"{FIRST[first]}.{LAST[last]}@{root}-{trade.replace(' ', '-')}.example".lower()
