import path from 'node:path';
import { counted, reasons, thousands } from '../client/words.ts';
import { methods } from '../contract/engine.ts';
import { exportFormats, type ExportReport } from '../contract/reports.ts';
import { problemError } from '../core/model/problem.ts';
import { exitCodes, type Command } from './command.ts';
import { json } from './print.ts';
import { withProject } from './withEngine.ts';

/** Writes the training set. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write the kept paths as a training set, with a manifest and a records file beside it.',
  usage: 'PROJECT --format FORMAT --out FILE',
  options: {
    format: { type: 'string', value: 'FORMAT', help: `${exportFormats.join(', ')} (default chat)` },
    out: { type: 'string', value: 'FILE', help: 'file to write; an earlier export is replaced, any other file is left alone' },
    reviewed: { type: 'boolean', help: 'only paths that a person has accepted or amended; without it paths that nobody has reviewed are written too' },
    force: { type: 'boolean', help: 'replace whatever file stands there' },
  },
  positionals: [1, 1],
  run: async (given, environment) => {
    const out = given.text('out');
    if (out === undefined || out.trim() === '') throw problemError('usage', 'Say where to write: --out FILE, such as --out train.jsonl.');
    const format = given.word('format', exportFormats) ?? 'chat';
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      const report = await engine.call(methods.exportDataset, { format, out: path.resolve(out), overwrite: given.flag('force'), reviewedOnly: given.flag('reviewed') });
      await environment.out(given.flag('json') ? json(report) : `${exportText(report)}\n`);
      return exitCodes.done;
    });
  },
};

/** What was written, for people. */
export function exportText(report: ExportReport): string {
  const mixed = Object.keys(report.recipes).length > 1 ? [`mixes the paths of ${Object.keys(report.recipes).length} recipes: ${reasons(report.recipes)}; one project for each keeps them apart`] : [];
  return [
    `${report.path}: ${counted(report.records, 'record')} of ${counted(report.tasks, 'task')}, ${thousands(report.hinted)} hinted${report.simulated ? ' (simulation)' : ''}`,
    ...mixed,
    ...(report.reviewed > 0 || report.unreviewed === 'left-out' ? [`${thousands(report.reviewed)} reviewed${report.unreviewed === 'left-out' ? '; paths that nobody has reviewed are left out' : ''}`] : []),
    `manifest ${report.manifest}`,
    `where each record comes from ${report.recordsFile}`,
    `left out: ${reasons(report.excluded) || 'nothing'}`,
  ].join('\n');
}
