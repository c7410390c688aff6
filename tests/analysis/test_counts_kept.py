"""What is kept counted is what counting comes to: after a crawl, an analysis, an import, its undoing, and what privacy forgets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.importers.history import take_out
from crawler.importers.plan import plan
from crawler.importers.storing import store as take
from data.privacy import study_key
from data.records import Post, Thread
from data.store import Store, WriteBatch, open_store
from data.study import Study
from data.study_file import load
from tests.command_line import run
from tests.small_study import write_study

#: Posts of which the last is in a language that is not read, and so counts nowhere.
MORE = (
    "Tên,Ngày,Bình luận\nLan,01/10/2026,bỉm này tốt lắm nhé\nHoa,02/10/2026,mini care giao hàng chậm quá đi\n"
    "Pierre,03/10/2026,La livraison de Mini Care est beaucoup trop lente et les couches sont de très mauvaise qualité\n"
)
#: Each table of counts beside the question that counts anew.
KEPT = {
    "select source_id, brand_id, posts from post_counts where posts <> 0": (
        "select source_id, coalesce(brand_id, 0), count(*) from posts group by 1, 2"
    ),
    "select attribute, value, cues from cue_counts where cues <> 0": "select attribute, value, count(*) from cues group by 1, 2",
}
#: The same of what each analysis writes.
FOUND = {
    "select posts, authors from brand_counts where brand = 'market' and source = '' and month = ''": (
        "select count(*), count(distinct author_id) from counted_posts"
    ),
    # The study is made in Việt Nam: the first of a month there is the last of the one before in UTC.
    "select month, posts, authors from brand_counts where brand = 'market' and source = '' and month <> ''": (
        "select strftime('%Y-%m', p.posted_at, '+7 hours'), count(*), count(distinct p.author_id) from counted_posts c "
        "join posts p on p.id = c.post where p.posted_at is not null group by 1"
    ),
    "select brand, sum(posts), count(*) from brand_people group by brand": (
        "select b.name, count(*), count(distinct o.author_id) from posts_on_brands o join brands b using (brand_id) group by 1"
    ),
    "select brand, posts, authors from brand_counts where brand <> 'market' and source = '' and month = ''": (
        "select b.name, count(*), count(distinct o.author_id) from posts_on_brands o join brands b using (brand_id) group by 1"
    ),
    "select brand, relation, authors, posts from relation_counts": (
        "select brand, relation, count(*), sum(posts) from relations group by 1, 2"
    ),
}


def differing(store: Store, kept: dict[str, str]) -> list[str]:
    """The counts that are not what counting comes to."""
    return [one for one, anew in kept.items() if set(store.tuples(one)) != set(store.tuples(anew))]


def analysed(study: Study) -> None:
    """Read and count anew, and look at all that is kept."""
    done = run("analyze", study.path)
    assert done.returncode == 0, done.stderr
    with open_store(study.database, read_only=True) as store:
        assert differing(store, KEPT | FOUND) == []


def test_counts_stay_right_whatever_happens(tmp_path: Path) -> None:
    study = load(write_study(tmp_path / "small"))
    analysed(study)

    posts = tuple(
        Post(
            f"n{n}",
            f"mini care bị tràn lần {n}",
            f"người {n}",
            datetime(2026, 11, n + 1, tzinfo=UTC),
            url=f"https://forum.example/t/2#n{n}",
        )
        for n in range(4)
    )
    with open_store(study.database) as store:
        store.author_key_secret = study_key(study.key_file)
        source = store.source_id("https://forum.example/f/1/")
        store.write(
            WriteBatch(threads=[(source, Thread("t2", "https://forum.example/t/2", "general", "MiniCare", posts))])
        )
        assert differing(store, KEPT) == []
    analysed(study)

    file = tmp_path / "small" / "them.csv"
    file.write_text(MORE, encoding="utf-8")
    assert take(plan(file, study), study).posts.new == 3
    with open_store(study.database, read_only=True) as store:
        assert differing(store, KEPT) == []
        import_id = next(store.query("select max(import_id) as n from imports"))["n"]
    analysed(study)
    with open_store(study.database, read_only=True) as store:
        told = {
            row["lang"]: row["counted"]
            for row in store.query("select lang, counted from posts_flat where source like 'file:%'")
        }
        assert told == {"vi": 1, "fr": 0}

    with open_store(study.database) as store, store.one_transaction():
        assert take_out(store, [import_id])["posts"] == 3
    with open_store(study.database, read_only=True) as store:
        assert differing(store, KEPT) == []
    analysed(study)

    later = datetime(2030, 1, 1, tzinfo=UTC)
    with open_store(study.database) as store:
        store.purge(texts_before=later, pages_before=later)
        assert differing(store, KEPT) == []
    analysed(study)
