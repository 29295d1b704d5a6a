"""Agreement: which voices from outside are believed, because people on other networks said the same of a like text.

One visitor or one network alone must not move a rank: anybody can press a button a thousand times. So a voice teaches
nothing until two others, or one whom we trust, say the same of texts that are enough like it, and only if of all
articles theirs is the one that others say most of such texts. Of one network one voice counts for each article.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select, update

from kb.articles import Translation
from kb.database import Database
from kb.examples import Example, Standing
from kb.features import features
from kb.likeness import Likeness, Shares
from kb.visibility import readable

SUPPORT = 0.4
"""Likeness of the two most like voices of others together from which on they second a voice; a trusted one counts for both."""
LEAST = 0.1
"""Likeness below which texts have nothing to do with one another."""

Claim = tuple[int | None, bool]
"""An article, and whether it is said to answer or not to."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A text and what somebody said of it; without a network it was one of ours, or has long been agreed with."""

    number: int
    text: str
    language: str
    claim: Claim
    network: str | None


def agreed(voices: Sequence[Voice], titles: Iterable[tuple[str, str, int]] = ()) -> set[int]:
    """Tell which voices others agree with.

    :param titles: of the articles, with language and article: our own people's word of what each is about. It speaks
        against those who say that another article answers a text like it, and never for anybody.
    :return: numbers of the voices.
    """
    ours = [(text, language, (article, True)) for text, language, article in titles]
    texts = [features(text, language, bounded=True) for text, language in [*((v.text, v.language) for v in voices), *((t, lang) for t, lang, _ in ours)]]
    crowd = _Crowd([voice.claim for voice in voices] + [claim for _, _, claim in ours], [voice.network for voice in voices], len(ours))
    likeness = Likeness.of_texts(texts)
    best: dict[tuple[str, Claim], tuple[float, int]] = {}
    for place, voice in enumerate(voices):
        if voice.network is None:
            continue
        support = crowd.support(likeness.to(texts[place]), voice)
        key = (voice.network, voice.claim)
        if support >= SUPPORT and (key not in best or (support, -voice.number) > (best[key][0], -best[key][1])):
            best[key] = support, voice.number
    return {number for _, number in best.values()}


class _Crowd:
    """Who says what: claims and networks as numbers, so that all of them are asked at once."""

    def __init__(self, claims: Sequence[Claim], networks: Sequence[str | None], titles: int) -> None:
        self.claims = {claim: number for number, claim in enumerate(dict.fromkeys(claims))}
        self.fit = np.array([fits for _, fits in self.claims], bool)
        self.networks = {network: number for number, network in enumerate(sorted({each for each in networks if each}))}
        self._claim = np.array([self.claims[claim] for claim in claims], np.int64)
        # Those without a network, and titles, are trusted: nobody else needs to say the same.
        self._network = np.array([self.networks[each] if each else -1 for each in networks] + [-1] * titles, np.int64)
        self._is_title = np.arange(len(claims)) >= len(networks)

    def support(self, likeness: Shares, voice: Voice) -> float:
        """Add up the two most like voices of others for a claim; nothing if others say more of another article."""
        own, network = self.claims[voice.claim], self.networks[voice.network] if voice.network else -1
        others = (self._network != network) & (likeness >= LEAST)
        first, second = self._two(likeness, others & ~(self._is_title & (self._claim == own)))
        rivals = self.fit.copy()
        rivals[own] = False
        if voice.claim[1] and rivals.any() and second[rivals].max() > second[own]:
            return 0.0
        return float(first[own] + second[own])

    def _two(self, likeness: Shares, seen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[Shares, Shares]:
        """Find for each claim the likeness of the two most like voices of different networks; who is trusted takes both places."""
        at = np.flatnonzero(seen)
        at = at[np.argsort(-likeness[at], kind="stable")]
        first, second = np.zeros(len(self.claims), np.float32), np.zeros(len(self.claims), np.float32)
        _, places = np.unique(self._claim[at] * (len(self.networks) + 1) + self._network[at] + 1, return_index=True)
        at = at[np.sort(places)]
        trusted = self._network[at] < 0
        doubled = np.repeat(at, np.where(trusted, 2, 1))
        order = np.argsort(self._claim[doubled], kind="stable")
        doubled = doubled[order]
        claims, begins, counts = np.unique(self._claim[doubled], return_index=True, return_counts=True)
        first[claims] = likeness[doubled[begins]]
        more = counts > 1
        second[claims[more]] = likeness[doubled[begins[more] + 1]]
        return first, second


def settle(database: Database) -> int:
    """Look which voices are agreed with now, and note it; nobody who writes waits while texts are compared.

    :return: how many changed their standing.
    """
    with database.reading() as session:
        columns = (Example.id, Example.text, Example.language, Example.article_id, Example.fits, Example.network, Example.standing)
        rows = session.execute(select(*columns)).all()
        named = select(Translation.title, Translation.language, Translation.article_id).where(readable())
        titles = [(title, language, article) for title, language, article in session.execute(named)]
    from_outside = {row.id: row.network for row in rows if row.network and row.standing != Standing.TRUSTED}
    if not from_outside:
        return 0
    believed = agreed([Voice(row.id, row.text, row.language, (row.article_id, row.fits), from_outside.get(row.id)) for row in rows], titles)
    changed: dict[Standing, list[int]] = defaultdict(list)
    for row in rows:
        now = Standing.AGREED if row.id in believed else Standing.WAITING
        if row.id in from_outside and row.standing != now:
            changed[now].append(row.id)
    with database.writing() as session:
        for standing, numbers in changed.items():
            for start in range(0, len(numbers), 500):
                chosen = Example.id.in_(numbers[start : start + 500])
                session.execute(update(Example).where(chosen, Example.standing != Standing.TRUSTED).values(standing=standing))
    return sum(map(len, changed.values()))
