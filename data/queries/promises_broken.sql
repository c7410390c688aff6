-- How many complain is not told where it would give away the few who tell of the same pain without complaining.
select c.brand, c.claimed as promise, c.value as category,
    case when not exists (
        select 1 from pain_shares s
        where s.brand = c.brand and s.category = c.value and s.authors - c.authors > 0
            and s.authors - c.authors < coalesce((select cast(s.value as integer) from study_settings s where s.name = 'minimum_group'), 5)
    ) then cast(c.authors as integer) end as authors, c.verdict, c.url
from claims c
where c.area = 'promise' and c.verdict in ('not_kept', 'complained') and (coalesce(:brand, '') = '' or c.brand = :brand)
order by c.verdict = 'not_kept' desc, c.authors desc, c.brand, c.claimed;
