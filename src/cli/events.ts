import { setTimeout as wait } from 'node:timers/promises';
import type { EngineClient } from '../client/engineClient.ts';
import type { JournalPage } from '../contract/reports.ts';
import { problemOf } from '../core/model/problem.ts';
import { exitCodes, type Command } from './command.ts';
import { json } from './print.ts';
import { withProject } from './withEngine.ts';

const eventsPerPage = 1_000;
/** Between two looks at a journal that is followed. */
const lookEveryMs = 200;

/** Prints the journal of a project. */
export const events: Command = {
  name: 'events',
  summary: 'Print the journal of a project: what was asked, what came of it and when, as JSON lines.',
  usage: 'PROJECT',
  options: {
    follow: { type: 'boolean', help: 'go on with what happens from now on, until Ctrl-C' },
    after: { type: 'string', value: 'N', help: 'only events after the one with this sequence number' },
  },
  positionals: [1, 1],
  run: async (given, environment) => {
    let after = given.count('after', 0) ?? 0;
    return withProject(environment, { project: given.positionals[0] ?? '' }, async engine => {
      const stop = new AbortController();
      const stopListening = environment.onInterrupt(() => { stop.abort(); });
      void engine.gone.then(() => { stop.abort(); });
      try {
        while (!stop.signal.aborted) {
          const page = await eventsAfter(engine, after).catch((thrown: unknown) => {
            if (problemOf(thrown).code !== 'engine-unavailable') throw thrown;
            stop.abort(); // whoever follows has seen all there was
            return [];
          });
          await environment.out(page.map(json).join(''));
          after = page.at(-1)?.sequence ?? after;
          if (page.length > 0) continue;
          if (!given.flag('follow')) break;
          await wait(lookEveryMs, undefined, { signal: stop.signal }).catch(() => undefined); // told to stop
        }
        return exitCodes.done;
      } finally {
        stopListening();
      }
    });
  },
};

const eventsAfter = async (engine: EngineClient, after: number): Promise<JournalPage['events']> => (await engine.call('journalPage', { after, limit: eventsPerPage })).events;
