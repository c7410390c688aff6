-- What the words around a brand's name say that its author has to do with it: owns, bought, left, taken, considers, praises; parted by spaces.
alter table mentions add column relations text not null default '';
