import type { EngineClient } from '../client/engineClient.ts';
import { lineageWords } from '../client/lineage.ts';
import type { ProbeReport } from '../contract/reports.ts';
import { withoutAbsent } from '../core/model/outside.ts';
import { exitCodes, type Command } from './command.ts';
import { json, table } from './print.ts';
import { apiKeyIn } from './runOptions.ts';
import { withEngine, withProject } from './withEngine.ts';

/** Finds out what a server can do. */
export const probe: Command = {
  name: 'probe',
  summary: 'Ask a server what it serves and find out, by a few tiny completions, what it can do.',
  usage: 'URL',
  options: {
    model: { type: 'string', value: 'NAME', help: 'served name of the model (default: the only one there is)' },
    project: { type: 'string', value: 'PROJECT', help: 'say also which job of this project has tuned the model, from what and on what' },
  },
  positionals: [1, 1],
  notes: 'The key comes from REGENESIS_API_KEY.',
  run: async (given, environment) => {
    const choices = { url: given.positionals[0] ?? '', completions: true, ...withoutAbsent({ model: given.text('model'), apiKey: apiKeyIn(environment) }) };
    const project = given.text('project');
    const ask = (engine: EngineClient) => engine.call('probeServer', choices);
    const [report, jobs] = project === undefined
      ? [await withEngine(environment, ask), []]
      : await withProject(environment, { project }, async engine => [await ask(engine), (await engine.call('jobs', {})).jobs]);
    const lineage = lineageWords(jobs, report.model);
    await environment.out(given.flag('json') ? json({ ...report, ...withoutAbsent({ lineage }) }) : probeText(report, lineage));
    return exitCodes.done;
  },
};

function probeText(report: ProbeReport, lineage: string | undefined): string {
  const rows = Object.entries(report.capabilities).map(([name, state]) => [`  ${name}`, state]);
  const tuned = lineage === undefined ? '' : `, ${lineage}`;
  return `${report.server} as seen from ${report.from}${report.simulated ? ' (simulation)' : ''}\nmodel ${report.model}${tuned}\nidentity ${report.identity}\n${table(rows)}\n`;
}
