import path from 'node:path';
import { counted, reasons, refusalReason, thousands } from '../client/words.ts';
import type { ImportReport } from '../contract/reports.ts';
import { missingGoldRules, presetNames } from '../core/model/dataset.ts';
import { domains } from '../core/model/evaluation.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { problemError, type ProblemCode } from '../core/model/problem.ts';
import { splits } from '../core/model/task.ts';
import { exitCodes, type Command, type Given } from './command.ts';
import { json } from './print.ts';
import { projectPath, withProject } from './withEngine.ts';

/** Refusals that are printed one by one; the rest is counted. */
const shownRefusals = 20;

/** Imports data files as tasks. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Import tasks from data files: JSON lines, JSON, CSV, TSV, Parquet or XML.',
  usage: 'PROJECT FILE…',
  options: {
    preset: { type: 'string', value: 'NAME', help: `${presetNames.join(' ')} (default: found by the columns)` },
    map: { type: 'string', multiple: true, value: 'FIELD=COLUMN', help: 'for other files: question=…, gold=…, kind=…, options=…, id=…, difficulty=…; may be repeated' },
    split: { type: 'string', value: 'SPLIT', help: 'train or held-out (default train; svamp, asdiv, aqua and bbh are held out)' },
    'missing-gold': { type: 'string', value: 'WHAT', help: 'rows without an answer: keep them without known answer (default), or refuse' },
    domain: { type: 'string', value: 'DOMAIN', help: 'in or out: whether these held-out tasks ask for what is trained on (default: in where the project has train tasks of the same set). Without --split they are held out' },
    name: { type: 'string', value: 'SET', help: 'name of the data set (default: the preset’s, else the file’s)' },
  },
  positionals: [2, Infinity],
  notes: 'Exit code 3 when rows were refused; the others are imported.',
  run: async (given, environment) => {
    const [name = '', ...files] = given.positionals;
    const choices = importChoices(given, files);
    return withProject(environment, { project: name }, async engine => {
      const progress = engine.on('importProgress', ({ path: file, rows }) => {
        if (environment.columns !== undefined) environment.redraw(`${path.basename(file)} · ${counted(rows, 'row')}`);
      });
      const report = await engine.call('importTasks', choices);
      progress.dispose();
      if (environment.columns !== undefined) environment.redraw('');
      if (given.flag('json')) await environment.out(json(report));
      else await environment.out(importText(report, projectPath(name)));
      return report.refused > 0 ? exitCodes.inPart : exitCodes.done;
    });
  },
};

function importChoices(given: Given, files: readonly string[]) {
  const pairs = given.texts('map').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at <= 0 || at === pair.length - 1) throw problemError('usage', `--map takes FIELD=COLUMN, such as --map question=prompt, not ${pair}.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  const twice = pairs.find(([field], at) => pairs.findIndex(([other]) => other === field) < at);
  if (twice) throw problemError('usage', `--map gives ${twice[0]} twice. One column holds one thing.`);
  if (pairs.length > 0 && given.text('preset') !== undefined) throw problemError('usage', 'Give --preset or --map, not both.');
  const split = given.word('split', splits) ?? (given.text('domain') === undefined ? undefined : 'held-out');
  if (split === 'train' && given.text('domain') !== undefined) throw problemError('usage', 'Only held-out tasks are of a domain. Leave out --domain, or say --split held-out.');
  return {
    files: files.map(file => path.resolve(file)),
    ...withoutAbsent({
      preset: given.word('preset', presetNames),
      map: pairs.length > 0 ? Object.fromEntries(pairs) : undefined,
      split,
      missingGold: given.word('missing-gold', missingGoldRules),
      name: given.text('name'),
      domain: given.word('domain', domains),
    }),
  };
}

/** Problems of a file as a whole: no row of it was looked at. */
const wholeFile: ReadonlySet<ProblemCode> = new Set(['file-not-found', 'file-unreadable', 'format-unknown', 'columns-missing', 'preset-mismatch', 'no-tasks']);

type ImportedFile = ImportReport['files'][number];
type Refusal = ImportedFile['refused'][number];

const refusalText = (file: string, refusal: Refusal): string =>
  wholeFile.has(refusal.code) ? `  ${refusal.code}: ${refusal.message}` : `  ${file}:${refusal.line}: ${refusal.code}: ${refusalReason(refusal)}`;

function fileText({ path: file, tasks, byKind, split, preset, withoutGold, duplicates, refused }: ImportedFile): readonly string[] {
  const more = refused.length - shownRefusals;
  return [
    `${file}: ${counted(tasks, 'task')}${tasks > 0 ? ` (${reasons(byKind)})` : ''}, ${split}${preset === null ? '' : `, preset ${preset}`}`,
    ...(withoutGold > 0 ? [`  ${thousands(withoutGold)} without known answer`] : []),
    ...(duplicates > 0 ? [`  ${thousands(duplicates)} were there already`] : []),
    ...refused.slice(0, shownRefusals).map(refusal => refusalText(file, refusal)),
    ...(more > 0 ? [`  … and ${counted(more, 'more refused row')}; --json lists them`] : []),
  ];
}

function importText({ files, tasks, refused }: ImportReport, project: string): string {
  const whole = files.flatMap(file => file.refused).filter(({ code }) => wholeFile.has(code)).length;
  const counts = [...(whole > 0 ? [`${counted(whole, 'file')} refused`] : []), ...(refused > whole ? [`${counted(refused - whole, 'row')} refused`] : [])];
  return `${files.flatMap(fileText).join('\n')}\n${[`${counted(tasks, 'task')} imported into ${project}`, ...counts].join(', ')}\n`;
}
