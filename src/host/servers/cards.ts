// What a server's capabilities mean for a run, in words. Knows nothing of the editor.
import type { CapabilityRow } from '../../contract/pages/serverCard.ts';
import type { ProbeReport } from '../../contract/reports.ts';
import type { CapabilityName, CapabilityState } from '../../core/model/server.ts';

interface Meaning {
  readonly title: string;
  /** What a run has of it. */
  readonly there: string;
  /** What a run does without it, and what that costs. */
  readonly missing: string;
}

const meanings: Readonly<Record<CapabilityName, Meaning>> = {
  n: {
    title: 'Several answers to one request',
    there: 'Twenty choices of guidelines are one request, whose prompt is read once.',
    missing: 'Each answer is a request of its own. The draws are the same; more requests are sent, and the prompt is read again for each.',
  },
  seed: {
    title: 'Seeds',
    there: 'An answer that has to be asked for again comes out the same, so that a run can be repeated.',
    missing: 'An answer that has to be asked for again comes out another. What is stored stays; a run elsewhere gives other paths.',
  },
  structuredOutput: {
    title: 'Answers from a given list',
    there: 'The judge can say yes or no and nothing else.',
    missing: 'The judge is asked for yes or no in words. What else it says is unusable and is asked for again.',
  },
  metrics: {
    title: 'Metrics page',
    there: 'The queue is read, so that the server is kept full and no fuller; its load shows in the view.',
    missing: 'How much it takes is found out from what comes back: slower to begin with, and its queue is not seen.',
  },
  logprobs: { title: 'Log-probabilities', there: 'No stage needs them at present.', missing: 'No stage needs them at present: nothing is lost.' },
  tokenize: { title: 'Tokeniser', there: 'No stage needs it at present: lengths are measured by the recipe’s own table, or estimated.', missing: 'Nothing is lost: lengths are measured by the recipe’s own table, or estimated.' },
  loraLoading: { title: 'Loading adapters', there: 'A tuned adapter can be loaded while the server runs.', missing: 'A tuned adapter has to be named when the server is started.' },
};

const order: readonly CapabilityName[] = ['n', 'seed', 'structuredOutput', 'metrics', 'logprobs', 'tokenize', 'loraLoading'];

const stateWords: Readonly<Record<CapabilityState, string>> = { supported: 'Supported', ignored: 'Ignored', refused: 'Refused', untested: 'Untested' };

function meaningOf(name: CapabilityName, state: CapabilityState): string {
  const { there, missing } = meanings[name];
  switch (state) {
    case 'supported': return there;
    case 'ignored': return `The server takes the word and does nothing with it. ${missing}`;
    case 'refused': return missing;
    case 'untested': return name === 'loraLoading' ? 'Not tried: it would change the server.' : missing;
  }
}

/** The rows of a server's card, what matters most to a run first. */
export function capabilityRows({ capabilities }: Pick<ProbeReport, 'capabilities'>): readonly CapabilityRow[] {
  return order.map(name => {
    const state = capabilities[name] ?? 'untested';
    return { name, title: meanings[name].title, state, word: stateWords[state], meaning: meaningOf(name, state) };
  });
}
