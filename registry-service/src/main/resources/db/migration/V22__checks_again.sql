-- Somebody asked for a check again: what its job found before does not count any more.
alter table job add column superseded boolean not null default false;
