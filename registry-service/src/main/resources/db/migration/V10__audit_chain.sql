-- The audit log as a chain: each row names the hash of the one before. Rows older than this have no hash; the chain begins after them.

alter table audit_entry alter column sequence drop identity;
alter table audit_entry add column previous text;
alter table audit_entry add column hash text;
alter table audit_entry add check ((hash is null) = (previous is null));

-- The end of the chain. Its lock is taken last in a transaction, so that the order of the rows is the order of the commits.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null,
  hash     text   not null
);
insert into audit_head (sequence, hash)
  select coalesce(max(sequence), 0), 'sha256:' || repeat('0', 64) from audit_entry;

create table audit_checkpoint (
  sequence   bigint      not null,
  key_id     text        not null,
  hash       text        not null,
  at         timestamptz not null,
  public_key text        not null,
  signature  text        not null,
  primary key (sequence, key_id)
);
