select h.checked_at, a.claim, h.brand, h.kind, h.verdict, round(h.share, 3) as share, round(h.low, 3) as low, round(h.high, 3) as high, h.n,
    a.changed, a.after_data, h.assumption, h.version
from verdict_history h join assumptions a on a.id = h.assumption and a.version = h.version
where (coalesce(:assumption, '') = '' or h.assumption = :assumption or h.assumption like '%.' || :assumption)
    and (coalesce(:brand, '') = '' or h.brand = :brand)
order by h.checked_at desc, h.assumption, h.brand, h.kind;
