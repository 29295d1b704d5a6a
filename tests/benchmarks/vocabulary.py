"""Articles and messages of any number, with words as frequent as in real texts, made of the words of the sample."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from kb import front_matter, sample
from kb.articles import Article, Status, Translation
from kb.generations import raise_generation
from kb.passages import Passage

WORDS, TITLE_WORDS = 300, 5
LONGEST_MESSAGE, SHORTEST_MESSAGE = 200, 3
VOCABULARY = 200_000
"""Different words in thirty million, as natural languages have them."""
STEEPNESS = 1.07
TOPIC_WORDS, TOPIC_SHARE, MESSAGE_SHARE = 12, 0.2, 0.3
FIRST_OF_TOPIC = 300
"""Words more frequent than this one are nobody's topic."""
BATCH = 5000


class Vocabulary:
    """The words of one language, the most frequent first, and what is written with them."""

    def __init__(self, language: str, seed: int = 1) -> None:
        """Take the sample's words, and make the rare ones of their halves."""
        self.language, self.dice = language, np.random.default_rng(seed)
        self.words = np.array(list(islice(_words(language, random.Random(seed)), VOCABULARY)), object)
        shares = 1 / (np.arange(len(self.words)) + 2.7) ** STEEPNESS
        self._cumulative = np.cumsum(shares / shares.sum())
        rarer = np.log(np.arange(FIRST_OF_TOPIC, len(self.words)))
        self._topical = FIRST_OF_TOPIC, len(self.words), rarer

    def topic(self) -> np.ndarray:
        """Choose what an article is about: words of any rarity."""
        first, last, _ = self._topical
        return np.exp(self.dice.uniform(np.log(first), np.log(last), TOPIC_WORDS)).astype(int)

    def text(self, topic: np.ndarray, words: int, share: float) -> str:
        """Write so many words, a share of them about a topic."""
        ranks = np.minimum(np.searchsorted(self._cumulative, self.dice.random(words)), len(self.words) - 1)
        about = self.dice.random(words) < share
        ranks[about] = topic[(self.dice.random(int(about.sum())) ** 2 * len(topic)).astype(int)]
        chosen = list(self.words[ranks])
        if self.language == "zh":
            return "，".join("".join(chosen[at : at + 8]) for at in range(0, words, 8))
        return ". ".join(" ".join(chosen[at : at + 12]).capitalize() for at in range(0, words, 12))

    def publish(self, session: Session, now: datetime, count: int) -> list[np.ndarray]:
        """Publish articles without rendering them.

        :return: the topic of each.
        """
        topics = [self.topic() for _ in range(count)]
        for first in range(0, count, BATCH):
            self._publish(session, now, first, topics[first : first + BATCH])
        raise_generation(session)
        return topics

    def messages(self, topics: list[np.ndarray], count: int) -> Iterator[str]:
        """Write messages of three to two hundred words, each about the topic of some article; short ones are as many as long ones."""
        lengths = np.exp(np.linspace(np.log(SHORTEST_MESSAGE), np.log(LONGEST_MESSAGE), count)).round().astype(int)
        for length in self.dice.permutation(lengths):
            yield self.text(topics[int(self.dice.integers(len(topics)))], int(length), MESSAGE_SHARE)

    def _publish(self, session: Session, now: datetime, first: int, topics: list[np.ndarray]) -> None:
        rows = [{"external_id": f"{self.language}-{first + number}", "created_at": now} for number in range(len(topics))]
        articles = list(session.scalars(insert(Article).returning(Article.id, sort_by_parameter_order=True), rows))
        when = {"status": Status.PUBLISHED, "created_at": now, "updated_at": now, "published_at": now}
        common = {"language": self.language, "summary": "", "extra": "", "body": "", **when}
        titles = [self.text(topic, TITLE_WORDS, 0.8) for topic in topics]
        own = [{"article_id": article, "slug": f"many-{article}", "title": title} for article, title in zip(articles, titles, strict=True)]
        rows = [{**each, "category": f"shelf {each['article_id'] % 10}", **common} for each in own]
        translations = session.scalars(insert(Translation).returning(Translation.id, sort_by_parameter_order=True), rows)
        passages = []
        for translation, topic in zip(translations, topics, strict=True):
            for position in range(2):
                text = self.text(topic, WORDS // 2, TOPIC_SHARE)
                passages.append({"translation_id": translation, "position": position, "heading": self.text(topic, 3, 0.8), "anchor": "", "text": text})
        session.execute(insert(Passage), [{**passage, "html": f"<p>{passage['text']}</p>"} for passage in passages])


def _words(language: str, dice: random.Random) -> Iterator[str]:
    """Give the sample's own words by their frequency, then words made of halves of two."""
    folder = Path(sample.__file__).parent / "sample" / "articles" / language
    text = " ".join(front_matter.read(path.read_text("utf-8")).body for path in sorted(folder.glob("*.md"))).casefold()
    pattern = "[\u4e00-\u9fff]{2}" if language == "zh" else r"[^\W\d_]+"
    known = [word for word, _ in Counter(re.findall(pattern, text)).most_common()]
    yield from known
    seen, long = set(known), [word for word in known if len(word) >= (2 if language == "zh" else 5)]
    while True:
        one, other = dice.choice(long), dice.choice(long)
        word = one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
        if word not in seen:
            seen.add(word)
            yield word
        elif language == "zh":  # Pairs of a few hundred characters are soon used up.
            word = one + dice.choice(long)[0]
            if word not in seen:
                seen.add(word)
                yield word
