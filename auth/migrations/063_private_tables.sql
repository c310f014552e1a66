-- Private tables: whose they are, and who was let in by the code.
ALTER TABLE auth.roles
    DROP CONSTRAINT roles_role_check,
    ADD CONSTRAINT roles_role_check
        CHECK (role IN ('host', 'support', 'floor', 'cashier', 'compliance', 'admin'));

CREATE TABLE auth.private_tables (
    table_name  text PRIMARY KEY,
    host        uuid NOT NULL REFERENCES auth.accounts (id),
    title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 40),
    code_digest bytea NOT NULL CHECK (length(code_digest) = 32),
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz
);
CREATE INDEX private_tables_host ON auth.private_tables (host) WHERE closed_at IS NULL;
CREATE TABLE auth.private_guests (
    table_name text NOT NULL REFERENCES auth.private_tables,
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    PRIMARY KEY (table_name, account)
);
GRANT SELECT, INSERT ON auth.private_tables TO squaredeal_app;
GRANT UPDATE (code_digest, closed_at) ON auth.private_tables TO squaredeal_app;
GRANT SELECT, INSERT, DELETE ON auth.private_guests TO squaredeal_app;
