import { problemOf } from '../core/model/problem.ts';
import { audit } from './audit.ts';
import { align } from './align.ts';
import { check } from './check.ts';
import { contamination } from './contamination.ts';
import { environmentIn, exitCodes, helpOf, readGiven, type Command, type CommandEnvironment, type World } from './command.ts';
import { compare } from './compare.ts';
import { demo } from './demo.ts';
import { dump } from './dump.ts';
import { engines } from './engines.ts';
import { evaluate } from './evaluate.ts';
import { events } from './events.ts';
import { exportCommand } from './export.ts';
import { fineTune } from './fineTune.ts';
import { grade } from './grade.ts';
import { importCommand } from './import.ts';
import { init } from './init.ts';
import { leak } from './leak.ts';
import { iterations } from './iterations.ts';
import { jobs } from './jobs.ts';
import { plan } from './plan.ts';
import { json, keyAdvice } from './print.ts';
import { probe } from './probe.ts';
import { review } from './review.ts';
import { run } from './run.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { tasks } from './tasks.ts';

/** All commands but the demo server, which the door adds: it stands apart from everything else. */
export const commands: readonly Command[] = [init, importCommand, plan, run, status, tasks, show, exportCommand, contamination, compare, grade, leak, audit, align, check, review, dump, evaluate, fineTune, jobs, iterations, events, engines, probe, demo];

/** What is wrong with the words of the call, rather than with the world. */
const usageCodes: ReadonlySet<string> = new Set(['usage', 'task-held-out', 'task-not-found', 'recipe-not-found', 'no-server', 'target-not-found', 'job-not-found']);

/** Runs one command line. Every failure becomes one line on standard error (and `{"error": …}` with `--json`) and an exit code. */
export async function main(argv: readonly string[], world: World, more: readonly Command[]): Promise<number> {
  const environment = environmentIn(world);
  const all = [...commands, ...more];
  const [name = '--help', ...rest] = argv;
  const command = all.find(each => each.name === name);
  if (name === '--version') return environment.out(`${environment.app}\n`).then(() => exitCodes.done);
  if (!command) return overview(name, all, environment);
  try {
    const given = readGiven(command, rest);
    if (!given.flag('help')) return await command.run(given, environment);
    await environment.out(helpOf(command));
    return exitCodes.done;
  } catch (thrown) {
    const problem = problemOf(thrown);
    environment.say(`${problem.message}${problem.code === 'server-wrong-key' ? keyAdvice : ''}\n`);
    if (rest.includes('--json')) await environment.out(json({ error: problem }));
    if (problem.code === 'cancelled') return exitCodes.cancelled;
    if (problem.code === 'engine-stopped') return exitCodes.inPart;
    return usageCodes.has(problem.code) ? exitCodes.usage : exitCodes.failed;
  }
}

async function overview(name: string, all: readonly Command[], environment: CommandEnvironment): Promise<number> {
  const width = Math.max(...all.map(command => command.name.length)) + 2;
  const text = `regenesis COMMAND …\n\n${all.map(command => `  ${command.name.padEnd(width)}${command.summary}`).join('\n')}\n\nregenesis COMMAND --help says more.\n`;
  if (['--help', '-h', 'help'].includes(name)) {
    await environment.out(text);
    return exitCodes.done;
  }
  environment.say(`There is no command ${name}.\n\n${text}`);
  return exitCodes.usage;
}
