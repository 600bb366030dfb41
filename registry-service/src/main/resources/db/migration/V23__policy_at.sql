-- Which policy held for a model at a time, going by its name and tags of today.
create function policy_at(of_model bigint, at_time timestamptz) returns bigint language sql stable as $$
  select coalesce(
    (select case when not p.withdrawn then p.id end
       from policy p where p.model_id = of_model and p.created_at <= at_time order by p.number desc limit 1),
    (select g.id
       from (select distinct on (group_name) id, group_name, name_prefix, tag_key, tag_value, withdrawn
               from policy where scope = 'group' and created_at <= at_time order by group_name, number desc) g,
            registered_model m
      where m.id = of_model and not g.withdrawn
        and (starts_with(m.name, g.name_prefix)
             or exists (select 1 from model_tag t
                         where t.model_id = of_model and t.key = g.tag_key
                           and (g.tag_value is null or t.value = g.tag_value)))
      order by length(g.name_prefix) desc nulls last, g.group_name limit 1),
    (select id from policy where scope = 'server' and created_at <= at_time order by number desc limit 1))
$$;
