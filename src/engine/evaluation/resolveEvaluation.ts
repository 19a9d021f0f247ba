import type { EvaluationChoices, HeldOutSet, ModelChoice } from '../../contract/evaluation.ts';
import type { AskedSet, EvaluatedModel, EvaluationDraft, EvaluationRecord } from '../../core/model/evaluation.ts';
import type { TaskId } from '../../core/model/ids.ts';
import { withoutAbsent, type Fields } from '../../core/model/outside.ts';
import { problemError } from '../../core/model/problem.ts';
import type { Store } from '../../ports/store.ts';
import type { EngineDependencies } from '../dependencies.ts';
import { describeFor, refuseUntold, type FoundServers } from '../describeServers.ts';
import { serveTuned } from '../iterations/tunedModel.ts';
import { resolveServers } from '../resolveRun.ts';
import { loadEvaluationPrompt, type LoadedPrompt } from './evaluationPrompt.ts';
import { ruleOf } from './evaluationRule.ts';
import { askedTasks, heldOutSets } from './heldOutSets.ts';

/** What an evaluation asks, and whom. The models are the caller's to close. */
export interface ResolvedEvaluation {
  readonly draft: EvaluationDraft;
  readonly prompt: LoadedPrompt;
  /** In the order of the draft's models. */
  readonly found: readonly FoundServers[];
  /** All sets that are asked, with what is in them. */
  readonly sets: readonly HeldOutSet[];
  /** The tasks that each set of the draft is asked. */
  readonly tasks: readonly (readonly TaskId[])[];
}

/** What choices are resolved with. */
export interface Resolving {
  readonly dependencies: EngineDependencies;
  readonly store: Store;
  /** Aborts when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Everything that choices name, checked before any task is asked. Throws `no-tasks`, `task-not-found`, `prompt-invalid`, `usage`, `no-server`, and what describing servers throws.
 */
export async function resolveEvaluation(resolving: Resolving, choices: EvaluationChoices): Promise<ResolvedEvaluation> {
  const { dependencies: { files, hash, clock }, store } = resolving;
  const sets = resolveSets(store, choices.sets);
  const prompt = loadEvaluationPrompt(files.prompts(store.path), hash);
  const rule = ruleOf(choices, prompt);
  const asked = sets.map(({ name, withoutGold }) => ({ name, withoutGold, ids: askedTasks(store, name, { rule, hash }) }));
  const found = await findModels(resolving, choices);
  try {
    const models = labelled(found);
    const key = hash(JSON.stringify(['evaluation 1', models.map(({ identity }) => identity), choices.against !== undefined, rule, asked.map(({ name, ids }) => [name, ids])]));
    const base = choices.against === undefined ? undefined : models.at(-1)?.label;
    const draft = {
      key, models, ...withoutAbsent({ base }), rule, createdAtMs: clock.nowMs(), choices: rememberedOf(choices),
      sets: asked.map(({ name, withoutGold, ids }): AskedSet => ({ name, tasks: ids.length, withoutGold })),
    };
    return { draft, prompt, found, sets, tasks: asked.map(({ ids }) => ids) };
  } catch (thrown) {
    await closeModels(found);
    throw thrown;
  }
}

/**
 * An evaluation that is gone on with: as it was begun, whatever prompt and tasks there are by now. Throws `model-mismatch` where a server serves another model by now, `prompt-invalid` where this
 * version cannot read its prompt, and what describing servers throws.
 */
export async function resolveAgain(resolving: Resolving, record: EvaluationRecord, keys: Pick<EvaluationChoices, 'apiKey' | 'apiKeys'>): Promise<ResolvedEvaluation> {
  const { dependencies: { hash }, store } = resolving;
  const prompt = loadEvaluationPrompt(new Map(Object.entries(store.recipe(record.rule.promptId)?.files ?? {})), hash);
  const found = await findModels(resolving, { models: record.models.map(({ model, baseUrl }) => ({ model, server: baseUrl })), ...withoutAbsent(keys) });
  const other = record.models.find(({ identity }, index) => found[index]?.server.identity !== identity);
  if (!other) return { draft: record, prompt, found, sets: heldOutSets(store), tasks: store.evaluations.tasks(record.id) };
  await closeModels(found);
  throw problemError('model-mismatch', `${other.baseUrl} does not serve ${other.identity} any more, which evaluation ${record.id} asks. Load that model again, or evaluate the one that is there.`);
}

/** Closes the models that were found and are not used. */
export async function closeModels(found: readonly FoundServers[]): Promise<void> {
  await Promise.all(found.flatMap(({ servers }) => servers.map(({ model }) => model.close())));
}

function resolveSets(store: Store, names: readonly string[] | undefined): readonly HeldOutSet[] {
  const all = heldOutSets(store);
  if (all.length === 0) {
    throw problemError('no-tasks', `${store.path} has no held-out tasks to evaluate on. Import some: \`regenesis import ${store.path} FILE --split held-out\`.`);
  }
  const known = all.map(({ name }) => name);
  const trained = new Set(store.datasets().map(({ name }) => name));
  const wrong = names?.find(name => !known.includes(name));
  if (wrong !== undefined) {
    const why = trained.has(wrong) ? `All tasks of ${wrong} are train tasks, and a model is not evaluated on what it may have been trained on.` : `There is no held-out data set ${wrong} in ${store.path}.`;
    throw problemError('usage', `${why} There are: ${known.join(', ')}.`, { choices: known });
  }
  // what was a train task once stands in another set as well, as a rule, or was learnt from: it is asked only where somebody names it
  const own = all.filter(({ tasks, moved }) => tasks > moved);
  if (names === undefined && own.length === 0) throw problemError('no-tasks', `All held-out tasks of ${store.path} were train tasks once. Name the data sets to ask them all the same: ${known.join(', ')}.`, { choices: known });
  const wanted = names === undefined ? own.filter(({ tasks, withoutGold }) => tasks > withoutGold) : all.filter(({ name }) => names.includes(name));
  const unknown = wanted.find(({ tasks, withoutGold }) => tasks === withoutGold);
  const [first] = wanted.length === 0 ? own : unknown ? [unknown] : [];
  if (first) throw problemError('no-tasks', `None of the ${first.tasks} held-out tasks of ${first.name} has a known answer, so that nobody could say whether a model solves them. Import the data set with its answers, or leave it out.`);
  return wanted;
}

async function findModels({ dependencies, store, signal }: Resolving, { models, against, apiKey, apiKeys }: EvaluationChoices): Promise<readonly FoundServers[]> {
  const chosen: readonly ModelChoice[] = [...models, ...(against ? [against] : [])];
  const found: FoundServers[] = [];
  try {
    for (const { model, server } of chosen) {
      const asked = withoutAbsent({ model, server, apiKey, apiKeys });
      await serveTuned(dependencies, { store, choices: asked, signal });
      const named = resolveServers(dependencies, store, { ...asked, judged: false });
      try {
        found.push(await describeFor({}, { store, ...named }, signal));
      } catch (thrown) {
        await Promise.all(named.servers.map(each => each.model.close()));
        throw thrown;
      }
      const last = found.at(-1);
      if (last) refuseUntold(store, last.server);
    }
    refuseTwins(found);
    return found;
  } catch (thrown) {
    await closeModels(found);
    throw thrown;
  }
}

/** What two models of one identity answer is one answer: they cannot be compared. */
function refuseTwins(found: readonly FoundServers[]): void {
  found.forEach(({ server: { identity, baseUrl } }, index) => {
    const twin = found.slice(0, index).find(each => each.server.identity === identity);
    if (!twin) return;
    const where = twin.server.baseUrl === baseUrl ? `${baseUrl} serves both choices as` : `${twin.server.baseUrl} and ${baseUrl} both serve`;
    throw problemError('usage', `${where} ${identity}: that is one model, and would be compared with itself. Choose another, or serve one of them under a name of its own.`);
  });
}

/** What each is called: its served name, with its server where that alone does not tell them apart. */
function labelled(found: readonly FoundServers[]): readonly EvaluatedModel[] {
  const models = found.map(({ server: { model, baseUrl, identity, simulated } }) => ({ model, baseUrl, identity, simulated }));
  return models.map(each => {
    const names = [each.model, `${each.model} @ ${placeOf(each.baseUrl)}`];
    const label = names.find((name, which) => models.filter(other => [other.model, `${other.model} @ ${placeOf(other.baseUrl)}`][which] === name).length === 1);
    return { label: label ?? each.identity, ...each };
  });
}

/** Host and path of an address, without the version that all of them end in. */
const placeOf = (baseUrl: string): string => baseUrl.replace(/^[a-z]+:\/\//i, '').replace(/\/v1\/?$/, '');

/** What it takes to go on, without keys. */
function rememberedOf({ apiKey: _key, apiKeys: _keys, retryLost: _lost, ...choices }: EvaluationChoices): Fields {
  return { ...choices };
}
