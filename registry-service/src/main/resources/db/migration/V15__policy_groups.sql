-- Policies of groups: models whose name starts alike, or that carry a tag. Of each scope the highest number is in force, unless
-- it says that the policy was withdrawn.
alter table policy
  drop constraint policy_scope_check,
  drop constraint policy_check,
  add column group_name  text,
  add column name_prefix text,
  add column tag_key     text,
  add column tag_value   text,
  add column withdrawn   boolean not null default false,
  add constraint policy_scope_check check (scope in ('server', 'group', 'model')),
  add constraint policy_is_of_its_scope check (
    (scope = 'model') = (model_id is not null)
    and (scope = 'group') = (group_name is not null)
    and (scope = 'group') = (num_nonnulls(name_prefix, tag_key) = 1)
    and (tag_value is null or tag_key is not null)
    and not (scope = 'server' and withdrawn));
create unique index policy_group_number on policy (group_name, number) where scope = 'group';

-- Which policy holds for a model, if it were called model_name: its own, else a group's, else the server's. Of several groups
-- the one with the longest prefix, and prefixes before tags, as tags are changed more easily than names.
create function policy_in_force(of_model bigint, model_name text) returns bigint language sql stable as $$
  select coalesce(
    (select case when not p.withdrawn then p.id end
       from policy p where p.model_id = of_model order by p.number desc limit 1),
    (select g.id
       from (select distinct on (group_name) id, group_name, name_prefix, tag_key, tag_value, withdrawn
               from policy where scope = 'group' order by group_name, number desc) g
      where not g.withdrawn
        and (starts_with(model_name, g.name_prefix)
             or exists (select 1 from model_tag t
                         where t.model_id = of_model and t.key = g.tag_key
                           and (g.tag_value is null or t.value = g.tag_value)))
      order by length(g.name_prefix) desc nulls last, g.group_name limit 1),
    (select id from policy where scope = 'server' order by number desc limit 1))
$$;

create function policy_in_force(of_model bigint) returns bigint language sql stable as $$
  select policy_in_force(m.id, m.name) from registered_model m where m.id = of_model
$$;

-- When an open request ends by itself: its policy's span after it was made; null for never.
alter table transition_request
  add column expires_at timestamptz,
  add column bypassed_by text,
  add column bypass_reason text,
  add column bypassed_at timestamptz,
  add constraint bypass_has_a_reason check ((bypassed_by is null) = (bypass_reason is null));
create index transition_request_due on transition_request (expires_at) where state = 'open' and expires_at is not null;
