-- Who took a request back: an admin may do that for whoever made it. Null where it was before this was kept.
alter table transition_request add column withdrawn_by text;
