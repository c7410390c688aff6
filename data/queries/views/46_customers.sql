-- One row a customer and currency: when they last bought, how often, and for how much. Cancelled and returned orders are counted apart;
-- recency counts the days to the brand's last order, so that an old export makes nobody look lost. Money is that of completed orders:
-- an order still open may yet be cancelled.
with counted as materialized (select * from orders_counted where customer_key is not null)
select c.brand, c.customer_key, c.currency,
    count(*) filter (where c.state in ('completed', 'open')) as orders,
    count(*) filter (where c.state = 'returned') as returned,
    count(*) filter (where c.state = 'cancelled') as cancelled,
    min(c.ordered_at) filter (where c.state in ('completed', 'open')) as first_order,
    max(c.ordered_at) filter (where c.state in ('completed', 'open')) as last_order,
    cast(julianday(b.last_order) - julianday(max(c.ordered_at) filter (where c.state in ('completed', 'open'))) as integer) as recency_days,
    coalesce(sum(c.amount - c.refunded) filter (where c.state = 'completed'), 0) as value,
    l.location
from counted c
join (select brand, max(ordered_at) as last_order from orders group by brand) b on b.brand = c.brand
left join (
    select brand, customer_key, location, max(ordered_at) from counted
    where location is not null group by brand, customer_key
) l on l.brand = c.brand and l.customer_key = c.customer_key
group by c.brand, c.customer_key, c.currency
