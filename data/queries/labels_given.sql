select coder, verdict, count(*) as labels, count(distinct post_id) as posts, min(labelled_at) as first_label, max(labelled_at) as last_label
from labels_flat
group by coder, verdict
order by coder, labels desc;
