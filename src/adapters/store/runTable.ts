import { runId, type RecipeId, type RunId } from '../../core/model/ids.ts';
import { problemError, type Problem } from '../../core/model/problem.ts';
import { runStates, type RunState } from '../../core/model/run.ts';
import type { Commit, RecipeRecord, RunDraft, RunRecord } from '../../ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, json, optionalInteger, optionalJson, text, toJson, word, type Row } from './rows.ts';
import { isCounts, isProblem, isRunDraft, isTexts } from './shapes.ts';

/** Recipes as they were run, and runs. */
export class RunTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A recipe's id is the hash of what it says, so one that is there is the same. */
  recordRecipe(recipe: RecipeRecord): void {
    this.#connection.run('INSERT OR IGNORE INTO recipes (id, name, files) VALUES (?, ?, ?)', recipe.id, recipe.name, JSON.stringify(recipe.files));
  }

  recipe(id: RecipeId): RecipeRecord | undefined {
    const row = this.#connection.get('SELECT name, files FROM recipes WHERE id = ?', id);
    return row === undefined ? undefined : { id, name: text(row, 'name'), files: json(row, 'files', isTexts) };
  }

  start(draft: RunDraft): RunId {
    const id = this.#connection.insert(`INSERT INTO runs (recipe, draft, state) VALUES (?, ?, 'running')`, draft.recipeId, JSON.stringify(draft));
    return runId(id);
  }

  end(id: RunId, state: RunState, end: { readonly endedAtMs: number; readonly problem: Problem | undefined }): void {
    const ended = this.#connection.run(
      `UPDATE runs SET state = ?, ended_at = ?, problem = ? WHERE id = ? AND state NOT IN ('completed', 'cancelled', 'failed')`,
      state, state === 'running' ? null : end.endedAtMs, toJson(end.problem), id,
    );
    if (ended === 0) throw problemError('bug', `Run ${id} cannot become ${state}: it has ended, or there is none.`);
  }

  count(run: NonNullable<Commit['run']>): void {
    const counted = this.#connection.run(
      'UPDATE runs SET calls = ?, cached = ?, failed = ?, kept = ?, output_tokens = ? WHERE id = ?',
      run.calls, run.cached, JSON.stringify(run.failed), run.kept ?? null, run.outputTokens ?? null, run.id,
    );
    if (counted === 0) throw problemError('bug', `There is no run ${run.id}.`);
  }

  /** What a dead engine left running was interrupted; when is not known. */
  interruptUnfinished(): void {
    this.#connection.run(`UPDATE runs SET state = 'interrupted' WHERE state = 'running'`);
  }

  /** Newest first, without those of evaluations. */
  all(): readonly RunRecord[] {
    return this.#connection.all(`SELECT * FROM runs WHERE draft ->> '$.evaluation' IS NULL ORDER BY id DESC`).map(runOf);
  }

  /** The runs of one evaluation, newest first. */
  ofEvaluation(id: number): readonly RunRecord[] {
    return this.#connection.all(`SELECT * FROM runs WHERE draft ->> '$.evaluation' = ? ORDER BY id DESC`, id).map(runOf);
  }
}

function runOf(row: Row): RunRecord {
  const endedAtMs = optionalInteger(row, 'ended_at');
  const problem = optionalJson(row, 'problem', isProblem);
  const [kept, outputTokens] = [optionalInteger(row, 'kept'), optionalInteger(row, 'output_tokens')];
  return {
    ...json(row, 'draft', isRunDraft),
    id: runId(integer(row, 'id')),
    state: word(row, 'state', runStates),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    ...(problem === undefined ? {} : { problem }),
    calls: integer(row, 'calls'),
    cached: integer(row, 'cached'),
    failed: json(row, 'failed', isCounts),
    ...(kept === undefined ? {} : { kept }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}
