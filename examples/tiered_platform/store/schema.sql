CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    tier TEXT NOT NULL,
    -- The uuid of the customer's project in Coolify, once it is known.
    project TEXT
) STRICT;

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    -- SHA-256.
    hash BLOB NOT NULL,
    is_revoked INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A row is a reservation before it is an application: it counts towards the quota
-- from its first moment to its last.
CREATE TABLE applications (
    id TEXT PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    -- reserved: Coolify may have been asked to create it. created: Coolify has it.
    -- deleting: Coolify was asked to delete it. deleting_volumes: with its volumes.
    state TEXT NOT NULL,
    -- The uuid in Coolify, once it is known.
    coolify TEXT,
    name TEXT NOT NULL,
    build_pack TEXT NOT NULL,
    -- What the customer asked for, so that a larger tier can grant more of it.
    asked_cpu TEXT,
    asked_memory TEXT,
    -- The tier whose limits Coolify has, or null while that is not certain.
    limits_of TEXT,
    -- Whether creating it was interrupted before its variables were set.
    lacks_variables INTEGER NOT NULL DEFAULT 0,
    -- Seconds since 1970.
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX applications_of_customers ON applications (customer);

-- The hosts that customers have taken. While a host is changed, an application has two.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE idempotency_keys (
    customer INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    -- The hash of the request, because a key stands for one request only.
    request BLOB NOT NULL,
    application TEXT NOT NULL,
    -- The answer, once there is one.
    answer TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (customer, key)
) STRICT;
