"""The store's rows as the findings need them: whose cues and pains count, and who belongs to which brand's audience."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.own_places import speakers
from analysis.values import HOUSEHOLD, NEWEST_POST, SINGLE
from data.codebook import ATTRIBUTES
from data.own_accounts import own_accounts
from data.privacy import author_key
from data.store import Store
from data.study import MARKET, Study

#: A cue or pain that its component trusts less is not counted.
LEAST_CONFIDENCE = 0.5


@dataclass
class People:
    """Everybody who wrote a counted post, with what they tell of themselves and what hurts them.

    ``posts``: id, author, source, posted_at. ``cues``: post, author, attribute, value, group, confidence, posted_at,
    source. ``pains``: the same with category, kind, severity, brand. ``speaks``: author and brand of each post that is
    about a brand. All of counted posts only: by a known author who is no brand's own account, and no copy of another post.
    ``authors`` are the distinct authors, sorted; ``own_accounts`` the authors who are brands. Times are ISO 8601 UTC text,
    which sorts as time does.
    """

    posts: pd.DataFrame
    cues: pd.DataFrame
    pains: pd.DataFrame
    speaks: pd.DataFrame
    brands: tuple[str, ...]
    left_out: dict[str, int]
    own_accounts: tuple[int, ...] = ()

    @cached_property
    def authors(self) -> NDArray[np.int64]:
        return np.unique(self.posts["author"].to_numpy(dtype=np.int64))

    @cached_property
    def _audiences(self) -> dict[str, NDArray[np.int64]]:
        told = self.speaks[self.speaks["how"] != "thread"].groupby("brand")["author"].unique()
        hurt = self.pains.dropna(subset="brand").groupby("brand")["author"].unique()
        nobody = np.array([], dtype=np.int64)
        return {
            brand: np.union1d(told.get(brand, nobody), hurt.get(brand, nobody)).astype(np.int64)
            for brand in self.brands
        }

    def audience(self, brand: str) -> NDArray[np.int64]:
        """The authors of a brand's audience, or of the whole market, sorted.

        An author belongs to a brand's audience who names it in their own words, writes in a source about it, or complains
        of it in a thread about it.
        """
        return self.authors if brand == MARKET else self._audiences[brand]

    def of(self, rows: pd.DataFrame, brand: str) -> pd.DataFrame:
        """The rows of a brand's audience."""
        return rows if brand == MARKET else rows[np.isin(rows["author"].to_numpy(), self.audience(brand))]

    def posts_on(self, brand: str) -> pd.DataFrame:
        """The posts by which people belong to a brand's audience, one row each."""
        told = self.speaks[(self.speaks["brand"] == brand) & (self.speaks["how"] != "thread")]
        columns = ["post", "author", "source", "posted_at"]
        return pd.concat([told[columns], self.pains_of(brand)[columns]]).drop_duplicates("post")

    def pains_of(self, brand: str) -> pd.DataFrame:
        """The pains that blame a brand, or all of the market's."""
        return self.pains if brand == MARKET else self.pains[self.pains["brand"] == brand]

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """One row a person, attribute and value: of what people tell several times, the newest (see ``analysis.values``)."""
        counts = self.cues["attribute"] == "children"
        vague = counts & (self.cues["value"] == "yes")
        known = self.cues.loc[counts & ~vague, "author"].unique()
        rows = self.cues[~(vague & self.cues["author"].isin(known))]
        rows = rows.sort_values(["posted_at", "confidence"], na_position="first", kind="stable")
        single = rows[rows["attribute"].isin(SINGLE)].drop_duplicates(["author", "attribute"], keep="last")
        newest = rows[rows["attribute"].isin(NEWEST_POST)]
        last = newest.drop_duplicates(["author", "attribute"], keep="last")[["author", "attribute", "post"]]
        newest = newest.merge(last, on=["author", "attribute", "post"])
        many = rows[~rows["attribute"].isin(SINGLE | NEWEST_POST)]
        return pd.concat([single, newest, many]).drop_duplicates(["author", "attribute", "value"], keep="last")


_POSTS = """
select p.id as post, p.author_id as author, p.source_id as source, p.posted_at
from posts p join sources s using (source_id) where p.duplicate_of is null and p.author_id is not null and s.active
"""
_CUES = """
select c.post, c.attribute, c.value, c."group", c.who, c.confidence from cues c where c.confidence >= :least
"""
_PAINS = """
select x.post, x.category, x.kind, x.severity, b.name as brand, x.confidence
from pains x left join brands b using (brand_id) where x.confidence >= :least
"""
_SPEAKS = "select m.post, b.name as brand, m.how from mentions m join brands b using (brand_id) where b.active"
_LEFT_OUT = """
select sum(p.duplicate_of is not null) as copies, sum(p.author_id is null) as anonymous
from posts p join sources s using (source_id) where s.active
"""


def load(store: Store, study: Study) -> People:
    """Read what the findings need out of the store. Texts stay where they are."""
    posts = _frame(store, _POSTS, {"post": "int64", "author": "int64", "source": "int64"}, ["posted_at"])
    ours = _own_accounts(store, study)
    from_brands = posts["author"].isin(ours)
    left_out = {key: int(value or 0) for key, value in next(store.query(_LEFT_OUT)).items()}
    left_out["own_accounts"] = int(from_brands.sum())
    posts = posts[~from_brands].reset_index(drop=True)
    names = ["attribute", "value", "group", "who"]
    cues = _frame(store, _CUES, {"post": "int64", "confidence": "float64"}, names, least=LEAST_CONFIDENCE)
    pains = _frame(
        store,
        _PAINS,
        {"post": "int64", "severity": "int64", "confidence": "float64"},
        ["category", "kind", "brand"],
        least=LEAST_CONFIDENCE,
    )
    speaks = _frame(store, _SPEAKS, {"post": "int64"}, ["brand", "how"])
    counts = cues["attribute"].isin(ATTRIBUTES) & _own(cues)
    brands = tuple(brand.name for brand in study.brands)
    pains.loc[~pains["brand"].isin(brands), "brand"] = None
    return People(
        posts=posts,
        cues=cues[counts].merge(posts, on="post"),
        pains=pains.merge(posts, on="post"),
        speaks=speaks[speaks["brand"].isin(brands)].merge(posts, on="post"),
        brands=brands,
        left_out=left_out,
        own_accounts=tuple(ours),
    )


def _own(cues: pd.DataFrame) -> pd.Series[bool]:
    """Whether a cue describes its author: their own, their household's means, or their child's age."""
    who, attribute = cues["who"], cues["attribute"]
    household = (who == "family") & attribute.isin(HOUSEHOLD)
    return (who == "self") | household | ((who == "child") & (attribute == "child_age"))


def _frame(store: Store, sql: str, numbers: dict[str, str], texts: list[str], **parameters: object) -> pd.DataFrame:
    columns: dict[str, list[object]] = {name: [] for name in [*numbers, *texts]}
    same: dict[object, object] = {}  # one string for all rows that say the same
    for row in store.query(sql, parameters):
        for name, values in columns.items():
            values.append(same.setdefault(row[name], row[name]) if name in texts else row[name])
    types = {**numbers, **dict.fromkeys(texts, "object")}
    return pd.DataFrame({name: pd.Series(values, dtype=types[name]) for name, values in columns.items()})


def _own_accounts(store: Store, study: Study) -> list[int]:
    if not study.key_file.exists():
        return []
    key = bytes.fromhex(study.key_file.read_text(encoding="ascii").strip())
    sites = [row["site"] for row in store.query("select distinct site from authors")]
    keys = {author_key(key, site, name) for site in sites for name in own_accounts(study)}
    named = {
        int(row["author_id"])
        for row in store.query("select author_id, coalesce(name_key, author_key) as shown from authors")
        if row["shown"] in keys
    }
    return sorted(named | speakers(store, key))
