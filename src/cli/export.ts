import path from 'node:path';
import process from 'node:process';
import { contaminationWords, counted, reasons, thousands } from '../client/words.ts';
import type { EngineClient } from '../client/engineClient.ts';
import type { ExportPreview, ExportReport } from '../contract/reports.ts';
import { exportFormats, holdsRejected, lengthUnits, type ExportFormat } from '../core/model/exportRule.ts';
import { problemError } from '../core/model/problem.ts';
import { exitCodes, type Command, type CommandEnvironment, type Given } from './command.ts';
import { ruleIn, ruleOptions } from './exportRule.ts';
import { json, table } from './print.ts';
import { withProject } from './withEngine.ts';

/** Writes the training set. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write the kept paths as a training set, with a manifest and a records file beside it.',
  usage: 'PROJECT --format FORMAT --out FILE',
  options: {
    'format': { type: 'string', value: 'FORMAT', help: `${exportFormats.join(', ')} (default chat; parquet where FILE ends so)` },
    'out': { type: 'string', value: 'FILE', help: 'file to write; an earlier export is replaced, any other file is left alone' },
    'preview': { type: 'boolean', help: 'say what would be written, and write nothing' },
    ...ruleOptions,
    'card': { type: 'boolean', help: 'write a dataset card too: README.md in the folder of FILE, as the Hub shows it' },
    'force': { type: 'boolean', help: 'replace whatever file stands there' },
  },
  positionals: [1, 1],
  notes: `kto holds paths with a label, dpo pairs of one task. To be learnt is what the other formats hold. Not to be learnt is what a person rejected, and what was read whole
and is not the known answer; a path that was cut, cannot be read or betrays its hint is no example of wrong reasoning, unless a person rejected it.

--match-by paths-per-task takes the tasks that both have, and of each as many paths as the one of the two that has fewer; --match-by paths as many paths in all as the other has,
of whatever tasks. Where the other has more than this project, export it once more with --match on this export: then both hold the same number.

The same project and the same options write the same bytes. What is drawn is drawn by hash and not by position, and a task that is added moves no other one from one side of
a split to the other.
Exit code 3: there are fewer tasks, records or paths than the sample, or the other export, asks for.`,
  run: async (given, environment) => {
    const out = given.text('out') ?? '';
    const isPreview = given.flag('preview');
    if (!isPreview && out.trim() === '') throw problemError('usage', 'Say where to write: --out FILE, such as --out train.jsonl.');
    const choices = { format: formatOf(given, out), rule: ruleIn(given) };
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => following(engine, environment, async work => {
      const report = isPreview
        ? await engine.call('previewExport', { ...choices, work })
        : await engine.call('exportDataset', { ...choices, work, out: path.resolve(out), overwrite: given.flag('force'), card: given.flag('card') });
      if (environment.columns !== undefined) environment.redraw('');
      await environment.out(given.flag('json') ? json(report) : `${'path' in report ? exportText(report) : previewText(report)}\n`);
      return report.missing === undefined ? exitCodes.done : exitCodes.inPart;
    }));
  },
};

/** Shows how far an export is, and cancels it at Ctrl-C. */
async function following<Result>(engine: EngineClient, environment: CommandEnvironment, begin: (work: string) => Promise<Result>): Promise<Result> {
  const work = `export-${process.pid}`;
  const progress = engine.on('exportProgress', event => {
    if (environment.columns !== undefined && event.work === work) environment.redraw(`${thousands(event.done)} of ${counted(event.total, 'task')} looked at · Ctrl-C cancels`);
  });
  const stopListening = environment.onInterrupt(() => { void engine.call('cancelExport', { work }).catch(() => undefined); }); // an engine that is gone is told by the other call
  try {
    return await begin(work);
  } finally {
    stopListening();
    progress.dispose();
  }
}

const formatOf = (given: Given, out: string): ExportFormat => given.word('format', exportFormats) ?? (out.endsWith('.parquet') ? 'parquet' : 'chat');

/** What was written, for people. */
export function exportText(report: ExportReport): string {
  const { split, card, leftovers = [] } = report;
  return [
    `${report.path}: ${totalsText(report)}`,
    ...noteLines(report),
    ...(split ? [`of these ${counted(split.records, 'record')} of ${counted(split.tasks, 'task')} in ${split.path}`] : []),
    `manifest ${report.manifest}`,
    `where each record comes from ${report.recordsFile}`,
    ...(card === undefined ? [] : [`dataset card ${card}`]),
    ...(leftovers.length > 0 ? [`still there from an earlier export, and not part of this one: ${leftovers.join(', ')}`] : []),
    `left out: ${reasons(report.excluded) || 'nothing'}`,
  ].join('\n');
}

const totalsText = ({ records, tasks, hinted, simulated }: ExportReport | ExportPreview): string =>
  `${counted(records, 'record')} of ${counted(tasks, 'task')}, ${thousands(hinted)} hinted${simulated ? ' (simulation)' : ''}`;

function noteLines({ recipes, reviewed, rule, missing, matched, contamination }: ExportReport | ExportPreview): readonly string[] {
  const mixed = Object.keys(recipes).length;
  const isReviewedOnly = rule.reviews === 'reviewed-only';
  return [
    ...(mixed > 1 ? [`mixes the paths of ${mixed} recipes: ${reasons(recipes)}; one project for each keeps them apart`] : []),
    ...(reviewed > 0 || isReviewedOnly ? [`${thousands(reviewed)} reviewed${isReviewedOnly ? '; paths that nobody has reviewed are left out' : ''}`] : []),
    ...(matched ? [`matched with ${matched.file}: ${counted(matched.paths, 'path')} of ${counted(matched.tasks, 'task')}${missing === undefined || rule.sample ? '' : `, ${counted(missing, 'path')} more than are written here: export that one with --match on this one, and both hold the same`}`] : []),
    ...(missing === undefined || !rule.sample ? [] : [`${counted(missing, rule.sample.by === 'tasks' ? 'task' : 'record')} fewer than the sample asks for: there are no more`]),
    ...contaminationLines(contamination),
  ];
}

function contaminationLines(contamination: ExportReport['contamination']): readonly string[] {
  const words = contaminationWords(contamination?.sets ?? []);
  return words === '' ? [] : [`${words}: \`regenesis contamination\` lists them, and can hold them out or leave them out`];
}

/** What would be written, for people. */
function previewText(report: ExportPreview): string {
  const { split, balance, datasets } = report;
  const balances = ([['answer kinds', balance.answerKind], ['choices', balance.choice], ['yes or no', balance.yesno], ['to be learnt', balance.label]] as const).filter(([, counts]) => Object.keys(counts).length > 0);
  return [
    `would write ${totalsText(report)}, ${thousands(report.humanEdited)} changed by a person`,
    ...noteLines(report),
    ...(split ? [`of these ${counted(split.records, 'record')} of ${counted(split.tasks, 'task')} in ${split.name}`] : []),
    `left out: ${reasons(report.excluded) || 'nothing'}`,
    table(Object.entries(datasets).map(([name, { records, licence }]) => [`data set ${name}`, records, licence ?? 'licence not stated'])),
    ...balances.map(([what, counts]) => `${what}: ${reasons(counts)}`),
    ...lengthLines(report),
    ...(holdsRejected(report.format) && report.records > 0 ? [`what is not to be learnt: rejected by a person, or read whole and not the known answer`] : []),
    ...report.first.map((line, index) => `\n${index + 1}. ${line}`),
  ].filter(line => line !== '').join('\n');
}

function lengthLines({ lengths }: ExportPreview): readonly string[] {
  const rows = lengthUnits.flatMap(unit => {
    const found = lengths[unit];
    return found ? [[unit, found.known, found.least, found.p10, found.p50, found.p90, found.p99, found.most]] : [];
  });
  return rows.length === 0 ? [] : [table([['length in', 'of paths', 'least', '10 %', 'median', '90 %', '99 %', 'most'], ...rows])];
}
