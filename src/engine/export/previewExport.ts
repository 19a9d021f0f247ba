import type { ParamsOf, methods } from '../../contract/engine.ts';
import type { ExportPreview } from '../../contract/reports.ts';
import { lineOf } from '../../core/exchange/trainingRecord.ts';
import { quantilesOf } from '../../core/stats/quantiles.ts';
import type { Store } from '../../ports/store.ts';
import { contaminationOf, contaminationReport, runsBehind, usedRuns, walksOf, type Exporting, type Looking } from './exportDataset.ts';
import { recordRule } from './recordRule.ts';
import { inputOf } from './recordSink.ts';
import { countsOf, datasetsOf, matchedIn, missingOf, sorted, surveyProject, tasksIn, totalsOf, type Survey, type SurveyedRecord } from './survey.ts';
import { recordsOf, type RecordRule } from './taskRecords.ts';
import type { TaskWalks } from './taskWalks.ts';

const shownRecords = 3;

/** What a preview is of. */
export type PreviewOptions = Omit<ParamsOf<(typeof methods)['previewExport']>, 'work'> & Looking;

/** What an export would write: its first walk, and the first records of what its second would write. */
export async function previewExport(dependencies: Pick<Exporting, 'clock' | 'files' | 'hash'>, store: Store, options: PreviewOptions): Promise<ExportPreview> {
  const by = await recordRule(dependencies, options);
  const began = usedRuns(store);
  const walks = walksOf(dependencies, store, { format: by.format, walks: 2, looking: options });
  try {
    const survey = await surveyProject(walks, { by, hash: dependencies.hash });
    const own = survey.records.filter(({ splitOff }) => splitOff);
    const { split } = by.rule;
    const missing = missingOf(survey, by);
    const contamination = await contaminationOf(store, survey, options);
    return {
      format: by.format, rule: by.rule, ...totalsOf(survey.records), excluded: sorted(survey.excluded), simulated: runsBehind(survey.records, began).some(run => run.simulated), datasets: datasetsOf(survey.records),
      balance: balanceOf(survey.records, by), lengths: lengthsOf(survey.records), first: await firstLines(walks, survey, by),
      ...(split ? { split: { name: split.name, records: own.length, tasks: tasksIn(own) } } : {}), ...(missing === 0 ? {} : { missing }), ...matchedIn(by),
      ...(contamination ? { contamination: contaminationReport(contamination) } : {}),
    };
  } finally {
    walks.end();
  }
}

/** What a trainer would see more or less of. */
function balanceOf(records: readonly SurveyedRecord[], { format }: RecordRule): ExportPreview['balance'] {
  const of = (kind: 'choice' | 'yesno') => countsOf(records.filter(({ answerKind }) => answerKind === kind), ({ answer }) => answer);
  return { answerKind: countsOf(records, ({ answerKind }) => answerKind), choice: of('choice'), yesno: of('yesno'), label: format === 'kto' ? countsOf(records, ({ isBetter }) => String(isBetter)) : {} };
}

function lengthsOf(records: readonly SurveyedRecord[]): ExportPreview['lengths'] {
  const characters = quantilesOf(records.map(record => record.characters));
  const tokens = quantilesOf(records.flatMap(record => record.tokens ?? []));
  return { ...(characters ? { characters } : {}), ...(tokens ? { tokens } : {}) };
}

async function firstLines(walks: TaskWalks, { records }: Survey, by: RecordRule): Promise<string[]> {
  const wanted = records.slice(0, shownRecords);
  const keys = new Set(wanted.map(({ key }) => key));
  const lines: string[] = [];
  if (wanted.length > 0) await walks.walk(facts => {
    for (const record of recordsOf(facts, by).records) if (keys.has(record.key)) lines.push(lineOf[by.format](inputOf(facts.task, record, by.rule)));
  }, new Set(wanted.map(({ task }) => task)));
  return lines;
}
