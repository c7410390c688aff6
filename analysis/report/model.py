"""What a report says, without a word of how it looks: codes, numbers and keys of evidence. Every rendering has this content.

No number here is of a group smaller than ``Report.minimum``, nor lets one be worked out from the number of those left over:
:mod:`analysis.report.hiding` decides, and what it hides is not in the model.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Stands for the brand where evidence is of all competitors together.
COMPETITORS = "competitors"


@dataclass(frozen=True, slots=True)
class Quote:
    """A shortened, masked passage of a post: ``hit`` is the part that was coded. ``url`` is http(s) or ``None``."""

    before: str
    hit: str
    after: str
    source: str
    posted_at: str | None
    url: str | None
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """How much stands behind a number, and between which dates."""

    posts: int
    sources: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The posts behind one number. ``subject`` is (attribute, value) or ("pain", category); ``side`` is of an assumption.

    ``query`` is the named query, with its parameters, that answers with just the people counted.
    """

    key: str
    brand: str
    subject: tuple[str, str]
    people: Estimate
    quotes: tuple[Quote, ...]
    query: tuple[str, tuple[tuple[str, str], ...]]
    side: str | None = None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """``count`` of ``n`` people, as a share with its 95 % interval.

    ``at_least``: all but a few, too few to be told; then ``count``, ``share`` and ``low`` are what can be said for certain.
    """

    count: float
    n: int
    share: float
    low: float
    high: float
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of an attribute in one audience."""

    attribute: str
    value: str
    estimate: Estimate
    seen: Seen
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Trait:
    """One attribute of one audience: ``told`` of ``audience`` people tell it. ``cells`` is empty where too few do."""

    attribute: str
    part: str
    told: int
    audience: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A share of those who wrote in one period. ``apart``: of the time since the one before nothing may be told."""

    when: str
    share: float
    low: float
    high: float
    n: int
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """How a share went from period to period, oldest first; ``verdict`` says whether it rises or falls beyond chance.

    ``step`` is the length of the periods that are told, as ``series`` names it; there may be none, and a verdict all the same.
    ``since`` is the first day, or month, of the level that came at once.
    """

    verdict: str
    periods: tuple[Told, ...]
    step: str = "month"
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Hurt:
    """One pain category in one audience. Ranks are ``None`` for `other`, which is no theme."""

    category: str
    estimate: Estimate
    severity: float
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    kinds: tuple[tuple[str, int | None], ...]
    seen: Seen
    evidence: str | None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class Portrait:
    """The audience of a brand, or of the market. ``people`` is ``None`` where they are too few to be told.

    ``unheard`` are pains of others that nobody here tells of: nobody is no group, and may be told.
    """

    brand: str
    people: int | None
    posts: int
    sources: int
    first_seen: str | None
    last_seen: str | None
    traits: tuple[Trait, ...]
    hurts: tuple[Hurt, ...]
    unheard: frozenset[str] = frozenset()

    @property
    def enough(self) -> bool:
        """Whether anything may be told of these people."""
        return bool(self.people)

    def trait(self, attribute: str) -> Trait | None:
        return next((t for t in self.traits if t.attribute == attribute), None)

    def hurt(self, category: str) -> Hurt | None:
        return next((h for h in self.hurts if h.category == category), None)


@dataclass(frozen=True, slots=True)
class Check:
    """One assumption in one audience. For ``top N`` the estimate holds ranks, and ``top`` is N.

    ``n`` is ``None`` where too few tell anything; ``value`` is ``None`` there, and where too few (``few``) fit or complain.
    ``bound``: all but a few fit, too few to be told; then ``value`` and ``low`` are what can be said for certain.
    ``ahead`` are the pains that more people tell of, each with the key of its evidence. ``name`` is the assumption's.
    """

    segment: str
    position: int
    brand: str
    attribute: str | None
    pain: str | None
    expected: tuple[str, ...]
    at_least: float | None
    at_most: float | None
    top: int | None
    verdict: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    needed: int | None
    met: str | None
    unmet: str | None
    few: bool = False
    bound: bool = False
    ahead: tuple[tuple[str, str | None], ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Their share minus ours, in an attribute's value or a pain, with its corrected p.

    Where either share is hidden, wholly (``None``) or in part, so is the difference: ``estimate`` is ``None``.
    """

    attribute: str
    value: str
    estimate: float | None
    low: float | None
    high: float | None
    theirs: Estimate | None
    ours: Estimate | None
    n: int
    n_own: int
    q_value: float
    verdict: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart two audiences are in one attribute (Jensen–Shannon, 0 to 1), and what chance alone would give."""

    attribute: str
    distance: float
    by_chance: float
    n: int
    n_own: int
    q_value: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Heard:
    """How many people complain of just what a promise is about: ``people`` is ``None`` where too few do.

    ``at_least``: all but a few of those who tell of it complain; then ``people`` is what can be said for certain. ``broken``: the
    wording that surely many complain of in just its matter, and ``near`` how many do, ``None`` where it must not be told.
    """

    category: str
    people: int | None
    verdict: str
    evidence: str | None
    at_least: bool = False
    broken: str | None = None
    near: int | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """What pages promise (``texts``: wording and page), and what is heard of each thing that the promise is about."""

    texts: tuple[tuple[str, str | None], ...]
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class OfferLine:
    name: str | None
    price: float | None
    currency: str | None
    per: str | None
    was: float | None
    price_text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Pages:
    """What a brand's pages say: whom they address, what they promise and offer."""

    count: int
    newest: str | None
    audiences: tuple[str, ...] = ()
    promises: tuple[Promised, ...] = ()
    offers: tuple[OfferLine, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How well an audience fits a target segment. ``value`` is the expected share of assumptions that hold."""

    segment: str
    verdict: str
    value: float
    low: float
    high: float
    supported: int
    contradicted: int
    not_enough: int
    undecided: int = 0

    @property
    def open(self) -> int:
        """How many assumptions are neither supported nor contradicted."""
        return self.undecided + self.not_enough


@dataclass(frozen=True, slots=True)
class Competitor:
    """A competitor: the verdict, by which segment (or our own audience), and all that it rests on."""

    portrait: Portrait
    pages: Pages
    verdict: str
    basis: str
    segment: str | None
    matches: tuple[Match, ...]
    differences: tuple[Difference, ...]
    apart: tuple[Apart, ...]

    @property
    def name(self) -> str:
        return self.portrait.brand

    @property
    def match(self) -> Match | None:
        return next((m for m in self.matches if m.segment == self.segment), None)


@dataclass(frozen=True, slots=True)
class SourceLine:
    url: str
    kind: str | None
    brand: str | None
    engine: str | None
    robots: str | None
    terms: str | None
    state: str | None
    reason: str | None
    crawled_at: str | None
    posts: int
    newest: str | None
    refused: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the findings rest on, and what was left out of the counting. ``marked`` posts look like adverts or seeding and count.

    ``people`` wrote the ``counted`` posts, ``writers`` all that were read (``None`` where that would tell of a few); ``foreign``
    posts are in languages that are not read.
    """

    posts: int
    counted: int
    people: int | None
    threads: int
    pages: int
    first_seen: str | None
    last_seen: str | None
    copies: int
    anonymous: int
    own_accounts: int
    set_aside: int
    unread: int
    marked: int
    languages: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    writers: int | None = None
    foreign: int = 0

    @property
    def enough(self) -> bool:
        """Whether the number of people may be told."""
        return bool(self.people)


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    share_of_revenue: float | None
    checks: tuple[Check, ...]

    def of(self, position: int, brand: str) -> Check | None:
        return next((c for c in self.checks if c.position == position and c.brand == brand), None)

    @property
    def positions(self) -> list[int]:
        return sorted({c.position for c in self.checks})


@dataclass(frozen=True, slots=True)
class Opening:
    """What the competitors' customers blame on them, and no competitor's page promises to solve."""

    category: str
    estimate: Estimate
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Weakness:
    """What would be an opening if most of those who complain did not mean ourselves: their share of our own audience."""

    category: str
    estimate: Estimate
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A share of ``brand`` that is not as in an earlier report, beyond chance. ``attribute`` is "pain" of a pain category.

    ``before`` is ``None`` where too few told of it then; ``q_value`` is corrected for all figures that were compared;
    ``diluted`` says that it fell only because others came, none of whom tell of it.
    """

    brand: str
    attribute: str
    value: str
    before: float | None
    now: float
    q_value: float
    diluted: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. ``timezone`` is the study's, for dates; ``minimum`` the smallest group shown.

    ``demonstration`` is the name of its folder where this is the demonstration's own report, whose links lead to this
    computer.

    ``language`` is the study's: what a crawl said of a source (``SourceLine.reason``) is in it. ``moved`` is empty unless the
    report is set beside an earlier one.
    """

    study: str
    language: str
    own: str
    note: str | None
    demonstration: str | None
    made_at: str
    timezone: str
    minimum: int
    market: Portrait
    ours: Portrait
    our_pages: Pages
    competitors: tuple[Competitor, ...]
    segments: tuple[Segment, ...]
    openings: tuple[Opening, ...]
    weaknesses: tuple[Weakness, ...]
    coverage: Coverage
    sources: tuple[SourceLine, ...]
    evidence: tuple[Evidence, ...] = field(default=())
    database: str = ""
    moved: tuple[Moved, ...] = ()

    @property
    def portraits(self) -> tuple[Portrait, ...]:
        """The market, ours, and every competitor's."""
        return (self.market, self.ours, *(c.portrait for c in self.competitors))
