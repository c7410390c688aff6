-- What the index said of a board when the board was last walked: while it says the same, nothing new stands in it.
alter table pages add column standing text;
