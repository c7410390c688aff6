-- The market's numbers by which a brand's small group could be worked out (analysis/report/withholding.py): every question, export and
-- page leaves them out. `attribute` is `pain` where `value` is a kind of pain.
create table market_withheld (
    attribute text not null, value text not null, primary key (attribute, value)
) without rowid;
