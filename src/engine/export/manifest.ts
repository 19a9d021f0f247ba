import type { ExportReport } from '../../contract/reports.ts';
import type { ExportRule } from '../../core/model/exportRule.ts';
import { withoutAbsent } from '../../core/model/outside.ts';
import type { DatasetFigures } from '../../core/stats/datasetFigures.ts';
import { shareOf } from '../../core/stats/share.ts';
import type { RunRecord } from '../../ports/store.ts';
import { baseName } from '../paths.ts';
import { choicesOf } from '../runChoices.ts';
import { exportCommandLine } from './commandLine.ts';
import type { SetContamination } from './contaminationIn.ts';
import type { ExportHashes, ExportPlaces } from './exportFiles.ts';
import { countsOf, datasetsOf, matchedIn, missingOf, sorted, tasksIn, totalsOf, type Survey, type SurveyedRecord } from './survey.ts';
import type { RecordRule } from './taskRecords.ts';

interface ManifestInput {
  readonly by: RecordRule;
  readonly survey: Survey;
  readonly figures: DatasetFigures;
  readonly runs: readonly RunRecord[];
  readonly places: ExportPlaces;
  readonly hashes: ExportHashes;
  readonly app: string;
  /** Path of the project. */
  readonly project: string;
  /** Files of earlier exports that are there still: no part of this one, and ours all the same. */
  readonly leftovers: readonly string[];
  /** Absent where nothing was looked for. */
  readonly contamination: SetContamination | undefined;
}

/** What happens to paths that nobody has decided about. */
export const unreviewedOf = ({ reviews }: ExportRule): ExportReport['unreviewed'] => (reviews === 'reviewed-only' ? 'left-out' : 'kept');

/** Everything that is needed to make the files again, and what a reader of the data must know. No clock time is in it, and no folder of this machine. */
export function manifestOf({ by, survey, figures, runs, places, hashes, app, project, leftovers, contamination }: ManifestInput): object {
  const { records } = survey;
  const { recipes, ...totals } = totalsOf(records);
  const edits = records.flatMap(({ edit }) => edit ?? []);
  const overrides = records.flatMap(({ override }) => override ?? []);
  const missing = missingOf(survey, by);
  return {
    format: by.format,
    madeBy: `ReGenesis Workbench ${app}`,
    command: exportCommandLine({ project: baseName(project), out: baseName(places.out), card: places.card !== undefined }, by),
    rule: by.rule,
    files: Object.values(places).map(path => baseName(String(path))),
    ...(leftovers.length > 0 ? { leftovers } : {}),
    simulation: runs.some(run => run.simulated),
    records: totals.records,
    tasks: totals.tasks,
    ...(missing === 0 ? {} : { missing }),
    ...matchedIn(by),
    hinted: totals.hinted,
    hintedRatio: shareOf(totals.hinted, totals.records),
    humanEdited: totals.humanEdited,
    humanEditedRatio: shareOf(totals.humanEdited, totals.records),
    ...(edits.length > 0 ? { edits } : {}),
    reviewed: totals.reviewed,
    unreviewed: unreviewedOf(by.rule),
    ...(overrides.length > 0 ? { overrides } : {}),
    ...(by.format === 'kto' ? { labels: countsOf(records, ({ isBetter }) => String(isBetter)) } : {}),
    sha256: hashes.data,
    recordsSha256: hashes.records,
    ...splitOf({ by, survey, places, hashes }),
    datasets: datasetsOf(records),
    ...(contamination ? { contamination } : {}),
    excluded: sorted(survey.excluded),
    recipes,
    // whoever compares methods must know which had the known answers
    ...knownAnswersOf(records),
    figures,
    runs: runs.map(({ id, recipeName, recipeId, mode, filter, model, identity, simulated, choices }) => ({ id, recipe: recipeName, recipeId, mode, filter, model, identity, ...judgeOf(choices), simulated })),
  };
}

/** Of how many records the known answer was used, unused or absent; nothing where it was used for all of them. */
function knownAnswersOf(records: readonly SurveyedRecord[]): { readonly knownAnswers?: Record<string, number> } {
  return records.every(({ knownAnswer }) => knownAnswer === 'used') ? {} : { knownAnswers: countsOf(records, ({ knownAnswer }) => knownAnswer) };
}

function splitOf({ by: { rule: { split } }, survey, places, hashes }: Pick<ManifestInput, 'by' | 'survey' | 'places' | 'hashes'>): object {
  if (!split || places.split === undefined) return {};
  const own = survey.records.filter(({ splitOff }) => splitOff);
  return { split: { name: split.name, file: baseName(places.split), records: own.length, tasks: tasksIn(own), sha256: hashes.split } };
}

/** The model that judged, where it was another than the run's. */
function judgeOf(choices: RunRecord['choices']): { readonly judge?: { readonly model: string | undefined; readonly identity: string | undefined } } {
  const judge = choicesOf(withoutAbsent({ choices }))?.judge;
  return judge ? { judge: { model: judge.model, identity: judge.identity } } : {};
}
