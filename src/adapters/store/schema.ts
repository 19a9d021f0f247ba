/** Number of our own in the file's header, `RGWB` in ASCII: tells a project from any other SQLite file. */
export const applicationId = 0x52475742;

/** One step forward. There are no steps back: the copy that is made before is the way back. */
export interface Migration {
  /** What `user_version` is afterwards; each step's is one more than the one before. */
  readonly version: number;
  readonly sql: string;
  /** Whether what the file repeats of its facts is to be worked out again afterwards, which takes a minute for a hundred thousand tasks. */
  readonly rebuilds?: true;
}

/**
 * Version 1. Facts are appended: an attempt's end is a row of its own, a loss that is retried stays as a row that is no longer current.
 * `tasks.state` … `hinted`, `task_counts` and `counters` repeat what the facts say, and change in the facts' own transactions.
 * The columns of `lock` never change, so that a newer program's lock can be read by an older one.
 */
const first = `
CREATE TABLE lock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  host TEXT NOT NULL, pid INTEGER NOT NULL, started_at INTEGER NOT NULL, heartbeat_at INTEGER NOT NULL,
  app TEXT NOT NULL, process TEXT, file TEXT NOT NULL
) STRICT;

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  dataset TEXT NOT NULL, split TEXT NOT NULL, answer_kind TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'not-started',
  kept INTEGER NOT NULL DEFAULT 0, correct INTEGER NOT NULL DEFAULT 0, branches INTEGER NOT NULL DEFAULT 0, hinted INTEGER NOT NULL DEFAULT 0,
  source_id TEXT, line INTEGER, licence TEXT, options TEXT, gold TEXT,
  question TEXT NOT NULL
) STRICT;
CREATE INDEX tasks_by_state ON tasks (state);
CREATE INDEX tasks_by_dataset ON tasks (dataset);
CREATE INDEX tasks_by_kind ON tasks (answer_kind);
CREATE INDEX tasks_by_split ON tasks (split);
CREATE INDEX tasks_without_gold ON tasks (ordinal) WHERE gold IS NULL;

CREATE TABLE task_counts (
  dataset TEXT NOT NULL, split TEXT NOT NULL, answer_kind TEXT NOT NULL, has_gold INTEGER NOT NULL, state TEXT NOT NULL, tasks INTEGER NOT NULL,
  PRIMARY KEY (dataset, split, answer_kind, has_gold, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipes (id TEXT PRIMARY KEY, name TEXT NOT NULL, files TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  recipe TEXT NOT NULL REFERENCES recipes (id), draft TEXT NOT NULL,
  state TEXT NOT NULL, ended_at INTEGER, problem TEXT,
  calls INTEGER NOT NULL DEFAULT 0, cached INTEGER NOT NULL DEFAULT 0, failed TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id), retry INTEGER NOT NULL, sent_at INTEGER NOT NULL, call TEXT NOT NULL
) STRICT;
CREATE TABLE attempt_tasks (
  task INTEGER NOT NULL REFERENCES tasks (ordinal), attempt INTEGER NOT NULL REFERENCES attempts (id),
  PRIMARY KEY (task, attempt)
) STRICT, WITHOUT ROWID;
CREATE TABLE in_flight (attempt INTEGER PRIMARY KEY REFERENCES attempts (id)) STRICT;
CREATE TABLE attempt_ends (
  attempt INTEGER PRIMARY KEY REFERENCES attempts (id),
  state TEXT NOT NULL, ended_at INTEGER NOT NULL, usage TEXT, problem TEXT
) STRICT;

CREATE TABLE answers (
  sequence INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  task INTEGER NOT NULL REFERENCES tasks (ordinal),
  stage TEXT NOT NULL, round INTEGER NOT NULL, branch TEXT NOT NULL, sample INTEGER NOT NULL, seed INTEGER NOT NULL,
  attempt INTEGER NOT NULL REFERENCES attempts (id),
  finish TEXT NOT NULL, output_tokens INTEGER, edited INTEGER NOT NULL DEFAULT 0,
  raw ANY NOT NULL
) STRICT;
CREATE INDEX answers_by_task ON answers (task);

CREATE TABLE lost (
  sequence INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  task INTEGER NOT NULL REFERENCES tasks (ordinal), run INTEGER NOT NULL REFERENCES runs (id),
  stage TEXT NOT NULL, round INTEGER NOT NULL, problem TEXT NOT NULL,
  current INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX lost_now ON lost (fingerprint) WHERE current = 1;
CREATE INDEX lost_by_task ON lost (task) WHERE current = 1;

CREATE TABLE outcomes (
  task INTEGER PRIMARY KEY REFERENCES tasks (ordinal),
  run INTEGER NOT NULL REFERENCES runs (id), body TEXT NOT NULL
) STRICT;

CREATE TABLE counters (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * Version 2. `events` says in which order facts were stored; an event names its fact, so that it stays some ten bytes while a call writes two of them.
 * `outcome_bases` is a table of its own because an outcome takes some ten kilobytes, and a run that begins reads all bases. `path_findings` repeats what
 * outcomes say of each path, for lists: it changes in the outcomes' own transactions.
 */
const second = `
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL, kind TEXT NOT NULL,
  attempt INTEGER REFERENCES attempts (id), run INTEGER REFERENCES runs (id), task INTEGER REFERENCES tasks (ordinal), lost INTEGER REFERENCES lost (sequence),
  word TEXT, code TEXT, number INTEGER
) STRICT;

CREATE TABLE outcome_bases (
  task INTEGER PRIMARY KEY REFERENCES tasks (ordinal), basis TEXT NOT NULL, used TEXT NOT NULL
) STRICT;
CREATE INDEX outcome_bases_by_basis ON outcome_bases (basis, task);

CREATE INDEX answers_paths ON answers (sequence) WHERE stage = 'path';
CREATE TABLE path_findings (
  path INTEGER PRIMARY KEY REFERENCES answers (sequence), kept INTEGER NOT NULL, verdict TEXT, step TEXT, reason TEXT
) STRICT;
INSERT INTO path_findings (path, kept, verdict, step, reason)
  SELECT answers.sequence, json_extract(branch.value, '$.loss') IS NULL,
         (SELECT json_extract(value, '$.kind') FROM json_each(branch.value, '$.verdicts') WHERE json_extract(value, '$.checker') IN ('reference', 'typed')
           ORDER BY json_extract(value, '$.checker') LIMIT 1),
         json_extract(branch.value, '$.loss.step'), json_extract(branch.value, '$.loss.reason')
    FROM outcomes, json_each(outcomes.body, '$.branches') AS branch JOIN answers ON answers.fingerprint = json_extract(branch.value, '$.answers.path')
   ORDER BY answers.sequence;
`;

/** Version 3. What a run kept, and how much the model wrote for it: of earlier runs it is not known. */
const third = `
ALTER TABLE runs ADD COLUMN kept INTEGER;
ALTER TABLE runs ADD COLUMN output_tokens INTEGER;
`;

/**
 * Version 4, in which every number of the overview has its list. `branch_classes` counts the branches of all outcomes by what they have in common, and
 * `branch_findings` says of which class each is, so that a list is a merge of ranges of one index and its total a sum of few numbers. `place` is the number of the
 * branch's path among all answers; a branch without a path has a negative one, and names its task itself. Empty texts stand for none, and `correct` is -1 where
 * nothing is known, since no two NULLs are alike to an index. All of this, and the counters, are worked out from the outcomes when a file is brought forward.
 */
const fourth = `
DROP TABLE path_findings;
CREATE TABLE branch_classes (
  id INTEGER PRIMARY KEY,
  round INTEGER NOT NULL, guidelines TEXT NOT NULL, step TEXT NOT NULL, reason TEXT NOT NULL, correct INTEGER NOT NULL, verdict TEXT NOT NULL,
  branches INTEGER NOT NULL, tokens INTEGER NOT NULL, untold INTEGER NOT NULL,
  UNIQUE (round, guidelines, step, reason, correct, verdict)
) STRICT;
CREATE TABLE branch_findings (
  place INTEGER PRIMARY KEY,
  class INTEGER NOT NULL REFERENCES branch_classes (id),
  task INTEGER REFERENCES tasks (ordinal), branch TEXT
) STRICT;
CREATE INDEX branch_findings_by_class ON branch_findings (class);
CREATE INDEX branch_findings_without_path ON branch_findings (task) WHERE task IS NOT NULL;

CREATE TABLE kept_guidelines (
  guideline TEXT NOT NULL, task INTEGER NOT NULL REFERENCES tasks (ordinal), PRIMARY KEY (guideline, task)
) STRICT, WITHOUT ROWID;

ALTER TABLE tasks ADD COLUMN pass_rate TEXT NOT NULL DEFAULT '';
ALTER TABLE tasks ADD COLUMN solved_only TEXT;
ALTER TABLE tasks ADD COLUMN difficulty TEXT NOT NULL DEFAULT 'unknown';
CREATE INDEX tasks_by_pass_rate ON tasks (pass_rate);
CREATE INDEX tasks_by_difficulty ON tasks (difficulty);
CREATE INDEX tasks_solved_only ON tasks (solved_only) WHERE solved_only IS NOT NULL;
DROP TABLE task_counts;
CREATE TABLE task_counts (
  dataset TEXT NOT NULL, split TEXT NOT NULL, answer_kind TEXT NOT NULL, has_gold INTEGER NOT NULL, difficulty TEXT NOT NULL, state TEXT NOT NULL, pass_rate TEXT NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (dataset, split, answer_kind, has_gold, difficulty, state, pass_rate)
) STRICT, WITHOUT ROWID;
INSERT INTO task_counts SELECT dataset, split, answer_kind, gold IS NOT NULL, difficulty, state, pass_rate, count(*) FROM tasks GROUP BY 1, 2, 3, 4, 5, 6, 7;
`;

/** Version 5. `edits` says what a person decided about a branch: appended, and read with the answers of its task. The texts they wrote are answers. */
const fifth = `
CREATE TABLE edits (
  sequence INTEGER PRIMARY KEY,
  task INTEGER NOT NULL REFERENCES tasks (ordinal), body TEXT NOT NULL
) STRICT;
CREATE INDEX edits_by_task ON edits (task);
`;

/**
 * Version 6. `reviews` says what people think of paths: appended, and read with the answers of their task. `tasks.gold` repeats the latest of a task's
 * corrections, so that whatever reads a task has the known answer that counts; the first correction holds the one that the data set gave.
 */
const sixth = `
CREATE TABLE reviews (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task INTEGER NOT NULL REFERENCES tasks (ordinal), path TEXT NOT NULL,
  reviewer ANY NOT NULL, decision TEXT NOT NULL, reason TEXT, marks TEXT NOT NULL, note ANY, amended_text ANY,
  reviewed_at INTEGER NOT NULL, seconds REAL NOT NULL, supersedes TEXT, sampled INTEGER NOT NULL
) STRICT;
CREATE INDEX reviews_by_task ON reviews (task);

CREATE TABLE gold_corrections (
  sequence INTEGER PRIMARY KEY,
  task INTEGER NOT NULL REFERENCES tasks (ordinal), gold TEXT NOT NULL, before TEXT, reviewer ANY NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX gold_corrections_by_task ON gold_corrections (task);
`;

/**
 * Version 7. A job's `body` is what was sent; what becomes of it is appended. `log_next`, `log_kept` and `facts` alone change in place: how far its log was
 * read, how much of it lies in a file beside the project, and what it said.
 */
const seventh = `
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL, target TEXT NOT NULL, body TEXT NOT NULL,
  log_next INTEGER NOT NULL DEFAULT 0, log_kept INTEGER NOT NULL DEFAULT 0, facts TEXT NOT NULL DEFAULT '{}',
  UNIQUE (key, target)
) STRICT;
CREATE TABLE job_events (
  sequence INTEGER PRIMARY KEY,
  job INTEGER NOT NULL REFERENCES jobs (id), at INTEGER NOT NULL,
  state TEXT NOT NULL, failure TEXT, words TEXT, reference TEXT, model TEXT, problem TEXT
) STRICT;
CREATE INDEX job_events_by_job ON job_events (job);
CREATE TABLE job_points (
  job INTEGER NOT NULL REFERENCES jobs (id), held_out INTEGER NOT NULL, step INTEGER NOT NULL,
  loss REAL, learning_rate REAL, grad_norm REAL, epoch REAL, seconds REAL,
  PRIMARY KEY (job, held_out, step)
) STRICT, WITHOUT ROWID;
`;

/**
 * Version 8. An evaluation is what was asked, by its key; what was answered stands among the answers, and its runs among the runs, each of which names it in its draft.
 * `left_out` says which train tasks no training set takes in, `moved_out` which held-out tasks were imported to train, with the run that had settled them, and what it had
 * found, to be put back where there are as many facts still: decisions of people, each taken back by taking its row away.
 */
const eighth = `
CREATE TABLE evaluations (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL, tasks TEXT NOT NULL) STRICT;
CREATE TABLE left_out (task INTEGER PRIMARY KEY REFERENCES tasks (ordinal), reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE moved_out (task INTEGER PRIMARY KEY REFERENCES tasks (ordinal), run INTEGER REFERENCES runs (id), at INTEGER NOT NULL, outcome TEXT, basis TEXT, used TEXT, facts INTEGER NOT NULL) STRICT;
`;

/** Every step from an empty file to today's schema. */
export const migrations: readonly Migration[] = [{ version: 1, sql: first }, { version: 2, sql: second }, { version: 3, sql: third }, { version: 4, sql: fourth, rebuilds: true }, { version: 5, sql: fifth }, { version: 6, sql: sixth }, { version: 7, sql: seventh }, { version: 8, sql: eighth }];
