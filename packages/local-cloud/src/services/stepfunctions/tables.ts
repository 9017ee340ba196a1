/** The tables of Step Functions. Times are milliseconds since 1970; `execution` is an execution's `id`. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS state_machines (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, role_arn TEXT NOT NULL, revision INTEGER NOT NULL,
  status TEXT NOT NULL, created INTEGER NOT NULL, settings TEXT NOT NULL
) WITHOUT ROWID;

-- An open execution keeps the definition it started with, even if its machine changes or is deleted.
CREATE TABLE IF NOT EXISTS revisions (
  id INTEGER PRIMARY KEY, definition TEXT NOT NULL, revision_id TEXT NOT NULL, updated INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS executions (
  id INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, name TEXT NOT NULL,
  revision INTEGER NOT NULL, role_arn TEXT NOT NULL, input TEXT NOT NULL, status TEXT NOT NULL,
  started INTEGER NOT NULL, stopped INTEGER, output TEXT, error TEXT, cause TEXT,
  map_run TEXT, items INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS executions_of_machine ON executions (machine, id) WHERE map_run IS NULL;
CREATE INDEX IF NOT EXISTS executions_of_map_run ON executions (map_run, id) WHERE map_run IS NOT NULL;
CREATE INDEX IF NOT EXISTS open_executions ON executions (id) WHERE status = 'RUNNING';

CREATE TABLE IF NOT EXISTS frames (
  execution INTEGER NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (execution, path)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS events (
  execution INTEGER NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL, at INTEGER NOT NULL,
  type TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY (execution, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS map_runs (
  arn TEXT PRIMARY KEY, execution TEXT NOT NULL, machine TEXT NOT NULL, status TEXT NOT NULL,
  started INTEGER NOT NULL, stopped INTEGER, settings TEXT NOT NULL,
  -- Null until all items have been read: reading starts over if a crash interrupts it, because no child has started yet.
  children INTEGER, items INTEGER, written INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Inputs of the children of a map run. Children with a number below the run's number of executions have started.
CREATE TABLE IF NOT EXISTS map_inputs (
  map_run TEXT NOT NULL, number INTEGER NOT NULL, items INTEGER NOT NULL, input TEXT NOT NULL,
  PRIMARY KEY (map_run, number)
) WITHOUT ROWID;
`;
