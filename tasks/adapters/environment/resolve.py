"""From wishes to a full list of pinned wheels: pins without a wheel loosened, the first date that works, CPU builds.

Everything here asks for metadata only; what it decides is told in the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tasks.adapters.environment.cpu import Slim, slim_down
from tasks.adapters.environment.uv import ANY_DATE, Answer, Question, Resolver
from tasks.rules.environment.cpu_builds import NCCL
from tasks.rules.environment.first_date import PRECISION, find_first_date
from tasks.rules.environment.resolver_words import Complaint
from tasks.rules.environment.wanted_packages import Wanted, is_prerelease

MAX_LOOSENED = 150
"""Steps of loosening in one resolution."""
LATE = timedelta(days=120)
"""When a few packages alone make the date of all so much later, they get a later date of their own."""
MAX_STUBBORN = 4
ERA = Wanted("numpy")
"""Its first wheel for a Python is the beginning of that Python's wheels."""


@dataclass(frozen=True)
class Resolved:
    """A complete list of what to install."""

    pinned: tuple[str, ...]
    sources: tuple[str, ...] = ()
    """Packages that exist as source only: names with versions, to be built in the container."""
    as_of: date | None = None
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Paths of wheels in the user's folders."""
    torch_backend: str = ""


@dataclass
class Resolution:
    """The state of one search; `wanted` shrinks and loosens as it goes on."""

    resolver: Resolver
    wanted: list[Wanted]
    as_of: date | None
    say: Callable[[str], None]
    today: date = field(default_factory=date.today)
    sources: list[Wanted] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    first_wishes: dict[str, Wanted] = field(default_factory=dict)
    """What was asked before anything was loosened, by name."""
    unripe: tuple[str, ...] = ()
    """Packages that have nothing but pre-releases to this day."""
    exempt: dict[str, str] = field(default_factory=dict)
    excluded: tuple[str, ...] = NCCL
    cpu_only: bool = True

    def run(self) -> Resolved | Complaint:
        """The list, or why there is none."""
        complaint = self._settle(no_dependencies=True) or self._settle(no_dependencies=False)
        if complaint:
            return complaint
        day = self._first_date()
        question = self._question(day, self.wanted)
        answer = self.resolver.ask(question)
        if answer.complaint:
            return answer.complaint
        if self.as_of and day and day > self.as_of:
            self.notes.append(f"versions as of {day}, the first date from {self.as_of} on with wheels for Python {self.resolver.python}")
        slim = slim_down(self.resolver, question, self.wanted, answer) if self.cpu_only else Slim(answer.pinned)
        sources = tuple(w.line() for w in self.sources)
        return Resolved(slim.pinned, sources, day, (*self.notes, *slim.notes), slim.links, slim.torch_backend)

    def ask(self, day: date | None, wanted: Sequence[Wanted] | None = None, no_dependencies: bool = False) -> Answer:
        """One resolution of the present wishes."""
        wishes = self.wanted if wanted is None else wanted
        answer = self.resolver.ask(replace(self._question(day, wishes), no_dependencies=no_dependencies))
        if day is None and not no_dependencies and wanted is None:
            self.unripe = tuple(name for name in sorted(answer.names) if is_prerelease(answer.version(name)))
        return answer

    def _question(self, day: date | None, wishes: Sequence[Wanted]) -> Question:
        """Exact pins are free of the date, since they name the version themselves."""
        free = {w.name: ANY_DATE for w in wishes if w.is_exact}
        return Question(tuple(w.line() for w in wishes), day, free | self.exempt, self.excluded, unripe=self.unripe)

    def _settle(self, no_dependencies: bool) -> Complaint | None:
        """Loosen until the wishes can be met on some date; a complaint when nothing is left to loosen."""
        for _ in range(MAX_LOOSENED):
            complaint = self.ask(None, no_dependencies=no_dependencies).complaint
            if complaint is None:
                return None
            if complaint.kind not in ("unknown", "wheels", "conflict", "python") or not self._give_way(complaint):
                return complaint
        return complaint

    def _give_way(self, complaint: Complaint) -> bool:
        """Whether one wish could be weakened on this complaint."""
        if complaint.kind == "unknown":
            return self._drop_guesses(complaint.packages)
        named = [w for name in complaint.packages for w in self.wanted if w.name == name]
        for wish in sorted(named, key=lambda w: not w.is_exact):
            if (looser := wish.loosened()) is not None:
                self._replace(wish, looser)
                return True
        if complaint.kind == "wheels" and named:
            return self._build_from_source(named[0])
        return False

    def _drop_guesses(self, names: Sequence[str]) -> bool:
        guesses = [w for w in self.wanted if w.guessed and w.name in names]
        for wish in guesses:
            self.wanted.remove(wish)
            self.notes.append(f"{wish.name} left out: imported, but no package of that name exists")
        return bool(guesses)

    def _replace(self, wish: Wanted, looser: Wanted) -> None:
        self.wanted[self.wanted.index(wish)] = looser
        self.first_wishes.setdefault(wish.name, wish)
        if not wish.own:
            self.notes = [note for note in self.notes if not note.startswith(f"{wish.name}: ")]
            first = self.first_wishes[wish.name].line()
            self.notes.append(
                f"{wish.name}: {first} does not go with Python {self.resolver.python} and the rest as wheels; asked for {looser.line()}"
            )

    def _build_from_source(self, wish: Wanted) -> bool:
        self.wanted.remove(wish)
        # No version has a wheel, so that the pin was not the trouble.
        self.sources.append(self.first_wishes.pop(wish.name, wish))
        self.notes = [note for note in self.notes if not note.startswith(f"{wish.name}: ")]
        self.notes.append(f"{wish.name} exists as source only: built inside the build container")
        return True

    def _first_date(self) -> date | None:
        """The day everything resolves as of; None: today."""
        if self.as_of is None or self.as_of >= self.today:
            return None
        self.say(f"resolving {len(self.wanted)} requirements as of {self.as_of}")
        day = find_first_date(self.as_of, self.today, self._works)
        if day is None or day - self.as_of <= LATE:
            return day
        return self._without_late(day)

    def _without_late(self, day: date) -> date:
        """The day of the many, when a few packages alone made it late."""
        assert self.as_of is not None
        # Before its wheels began, a Python has nothing for anybody: then nobody in particular is late.
        start = find_first_date(self.as_of, day, lambda d: self._works(d, [ERA])) or day
        exempt, notes, earlier = dict(self.exempt), list(self.notes), day
        for _ in range(MAX_STUBBORN):
            found = self._without_culprits(start, earlier) if earlier - start > LATE else None
            if found is None:
                break
            earlier = found
        if day - earlier > LATE:
            return earlier
        self.exempt, self.notes = exempt, notes
        return day

    def _works(self, day: date, wanted: Sequence[Wanted] | None = None) -> bool:
        return self.ask(day, wanted).complaint is None

    def _without_culprits(self, start: date, day: date) -> date | None:
        """An earlier day for the many, when a few packages alone made it late: those keep `day`. None when they did not."""
        complaint = self.ask(day - PRECISION - timedelta(days=1)).complaint
        late = [w for w in self.wanted if complaint and w.name in complaint.packages and w.name not in self.exempt]
        rest = [w for w in self.wanted if w not in late]
        early = find_first_date(start, day - PRECISION, lambda d: self._works(d, rest)) if late and rest else None
        if early is None:
            return None
        before, common = dict(self.exempt), self.ask(early, rest).names
        own = self.ask(day, late).names - common
        self.exempt |= dict.fromkeys(own | {w.name for w in late}, day.isoformat())
        if not self._works(early):
            self.exempt = before
            return None
        self.notes += [f"{w.name} as of {day}: no usable wheel for Python {self.resolver.python} before" for w in late]
        return early
