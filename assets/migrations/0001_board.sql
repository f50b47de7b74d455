-- One text for SQLite and PostgreSQL: only BIGINT and TEXT travel through both alike.
-- Times are milliseconds since 1970; truth values are 0 and 1; structures are JSON.

create table people (
    id text primary key,
    name text not null,
    role text not null,
    created_at bigint not null
);

create table connectors (
    id text primary key,
    name text not null,
    folded_name text not null unique,
    description text not null,
    target text not null,
    auth text not null,
    transport text,
    era text,
    enabled bigint not null,
    options text not null,
    trusted_at bigint not null,
    trusted_by text not null references people (id),
    pinned_at bigint,
    detection text
);

-- What a server listed last, and the digest that was accepted. A function that is
-- listed no longer stays with present = 0, so that its permission outlives it.
create table functions (
    connector_id text not null references connectors (id) on delete cascade,
    name text not null,
    position bigint not null,
    definition text not null,
    digest text not null,
    accepted_digest text,
    accepted_definition text,
    present bigint not null,
    first_seen bigint not null,
    primary key (connector_id, name)
);

-- By person, and by connector and function alone: a refresh, a reconnect, a rename
-- or an edit touches no row here.
create table permissions (
    person_id text not null references people (id) on delete cascade,
    connector_id text not null references connectors (id) on delete cascade,
    function text not null,
    permission text not null,
    set_at bigint not null,
    primary key (person_id, connector_id, function)
);

create table journal (
    seq bigint primary key,
    at bigint not null,
    event text not null,
    person_id text,
    agent text,
    connector_id text,
    connector text,
    function text,
    decision text,
    decided_by text,
    rule text,
    duration_ms bigint,
    outcome text,
    arguments_digest text,
    result_bytes bigint
);

create index journal_by_function on journal (connector_id, function, seq);
