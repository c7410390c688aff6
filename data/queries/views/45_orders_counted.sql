-- Every order once, as the newest import tells it; a line that only pays money back belongs to the order it is of.
select order_key, brand, platform, customer_key, ordered_at, state, amount, min(coalesce(refunded, 0) + later, amount) as refunded,
    currency, items, location, channel, import_id
from (
    select *, row_number() over (partition by brand, platform, order_key order by amount is null, import_id desc) as place,
        coalesce(sum(case when amount is null then refunded end) over (partition by brand, platform, order_key), 0) as later
    from orders
)
where place = 1 and amount is not null
