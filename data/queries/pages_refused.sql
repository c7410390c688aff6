select source, reason, sum(times) as times, max(refused_at) as last_refused, min(url) as example
from refusals_flat
where is_latest
group by source, reason
order by times desc;
