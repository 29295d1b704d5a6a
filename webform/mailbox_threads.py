"""Threads of old mail: which mails belong together, so that each conversation counts once, as what the customer asked first.

Of a mail it keeps a few numbers, so a million of them fit into memory; nothing of what anybody wrote.
"""

from array import array
from datetime import timedelta

from webform.mailbox_heads import Head, number_of
from webform.mailbox_kinds import Kind

LONGEST_PAUSE = timedelta(days=60)
"""Between mails that only their subject and their customer tell to belong together."""
_NEVER = -1
_LATEST = 1 << 62


class Threads:
    """Mails, told one after the other by their places, put together by what they answer."""

    def __init__(self) -> None:
        """Begin without any."""
        self._above = array("q")
        self._nodes: dict[int, int] = {}
        self._by_subject: dict[int, tuple[int, int]] = {}
        self._places = array("q")
        self._owners = array("q")
        self._times = array("q")

    def add(self, place: int, head: Head, kind: Kind) -> None:
        """Take a mail in.

        Programs' mails bind nothing together: an auto-reply that answers two people would.

        :param place: in the mailbox, from 0, rising.
        """
        if kind not in {Kind.CUSTOMER, Kind.OURS}:
            return
        node = self._node(head.key)
        known = [self._nodes[parent] for parent in head.parents if parent in self._nodes]
        for parent in head.parents:
            self._unite(node, self._node(parent))
        self._bind_by_subject(node, head, kind, looking=head.replies and not known)
        if kind is Kind.CUSTOMER:
            self._places.append(place)
            self._owners.append(node)
            self._times.append(int(head.sent_at.timestamp()) if head.sent_at else _LATEST)

    def first(self) -> list[int]:
        """Give the places of the mails with which customers began, in rising order: of each thread the earliest; without dates, the first."""
        begun: dict[int, tuple[int, int]] = {}
        for place, owner, time in zip(self._places, self._owners, self._times, strict=True):
            thread = self._root(owner)
            begun[thread] = min(begun.get(thread, (time, place)), (time, place))
        return sorted(place for _, place in begun.values())

    def _bind_by_subject(self, node: int, head: Head, kind: Kind, *, looking: bool) -> None:
        """Bind a mail that answers one that is not there to the last with its subject and its customer."""
        customer = head.sender if kind is Kind.CUSTOMER else next(iter(head.to), "")
        topic = head.topic.casefold()
        if not topic or not customer:
            return
        key, time = number_of(topic, customer), int(head.sent_at.timestamp()) if head.sent_at else _NEVER
        last = self._by_subject.get(key)
        if looking and last is not None and (_NEVER in {time, last[1]} or abs(time - last[1]) <= LONGEST_PAUSE.total_seconds()):
            self._unite(node, last[0])
        self._by_subject[key] = node, time

    def _node(self, key: int) -> int:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = len(self._above)
            self._above.append(node)
        return node

    def _root(self, node: int) -> int:
        while (above := self._above[node]) != node:
            self._above[node] = self._above[above]
            node = above
        return node

    def _unite(self, one: int, other: int) -> None:
        one, other = self._root(one), self._root(other)
        self._above[max(one, other)] = min(one, other)
