import type { BranchReport, TaskReport } from '../contract/reports.ts';
import { exitCodes, type Command } from './command.ts';
import { json } from './print.ts';
import { withProject } from './withEngine.ts';

/** Shows one task with everything that was made of it. */
export const show: Command = {
  name: 'show',
  summary: 'Show one task: every branch with its guideline, structure, path and verdicts; with --json also the prompts as sent and the raw answers.',
  usage: 'PROJECT TASK',
  options: {},
  positionals: [2, 2],
  run: async (given, environment) => withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
    const report = await engine.call('showTask', { task: given.positionals[1] ?? '' });
    await environment.out(given.flag('json') ? json(flat(report)) : taskText(report));
    return exitCodes.done;
  }),
};

/** The same with what the stages gave as plain texts, for programs. */
function flat({ branches, ...report }: TaskReport): object {
  return {
    ...report,
    branches: branches.map(({ structure, path, ...branch }) => ({
      ...branch,
      ...(structure ? { structure: structure.text, steps: structure.steps } : {}),
      ...(path ? { path: path.text, ...(path.cleaned === undefined ? {} : { cleaned: path.cleaned }) } : {}),
    })),
  };
}

function taskText({ task, branches, simulated }: TaskReport): string {
  const head = [`${task.id} · ${task.answerKind} · ${task.split} · ${task.state}${simulated ? ' · simulation' : ''}`, '', task.question, '', `known answer: ${task.gold ?? 'none'}`];
  const none = branches.length === 0 ? ['', 'Nothing was run on this task yet.'] : [];
  return `${[...head, ...none, ...branches.map(branchText)].join('\n')}\n`;
}

function branchText(branch: BranchReport): string {
  const fate = branch.kept ? 'kept' : branch.loss ? `lost at ${branch.loss.step}: ${branch.loss.reason}` : 'open';
  const parts: [string, string | undefined][] = [['Adapted guideline', branch.adapted], ['Structure', branch.structure?.text], ['Path', branch.path?.text]];
  return [
    '', `── ${branch.title} (${branch.id}, round ${branch.round}) · ${fate}${branch.hinted ? ' · hinted' : ''}`,
    ...parts.flatMap(([title, text]) => (text === undefined ? [] : [`${title}:`, indent(text)])),
    ...branch.verdicts.map(verdict => `Verdict (${verdict.checker}): ${verdict.kind}, ${verdict.reason}${verdict.extracted === null ? '' : `, read ${verdict.extracted}`}`),
  ].join('\n');
}

const indent = (text: string): string => text.trim().split('\n').map(line => `  ${line}`).join('\n');
