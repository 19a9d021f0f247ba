import { codeWords, counted } from '../../client/words.ts';
import type { BranchReport } from '../../contract/reports.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Icon, Look } from '../look.ts';
import { shortened } from '../words.ts';
import type { BranchNode, Output, OutputNode } from './node.ts';

/** Characters of an answer in the tree: `136 ≠ 12 apples…`. */
const answerLength = 14;

/** The finding that decides: the typed grader's where it is there, else the first that is no leak check. */
const mainVerdict = ({ verdicts }: Pick<BranchReport, 'verdicts'>): (Verdict & { readonly checker: string }) | undefined =>
  verdicts.find(verdict => verdict.checker === 'typed') ?? verdicts.find(verdict => verdict.checker !== 'leak');

/** `18 = 18`, `17 ≠ 18`, or why nothing could be compared; empty where there is no finding. */
export function comparison(branch: Pick<BranchReport, 'verdicts'>, gold: string | undefined): string {
  const verdict = mainVerdict(branch);
  if (!verdict) return '';
  const read = shortened(verdict.extracted ?? '', answerLength);
  switch (verdict.kind) {
    case 'correct': return compared(read, '=', gold) ?? 'correct';
    case 'incorrect': return compared(read, '≠', gold) ?? 'incorrect';
    case 'unreadable': return codeWords(verdict.reason);
    case 'unjudged': return read === '' ? 'unjudged' : `${read}, unjudged`;
  }
}

function compared(read: string, sign: '=' | '≠', gold: string | undefined): string | undefined {
  const known = shortened(gold ?? '', answerLength);
  return read === '' || known === '' ? undefined : `${read} ${sign} ${known}`;
}

/** What became of a branch beyond its comparison. */
function fate(branch: BranchReport): string {
  if (branch.kept) return 'kept';
  const { loss } = branch;
  if (!loss || loss.step === 'verify' || loss.step === 'extract') return '';
  return loss.step === loss.reason || loss.step === 'leak' ? codeWords(loss.step) : `${codeWords(loss.step.replace(/^stage-/, ''))}: ${codeWords(loss.reason)}`;
}

/** The description of a branch: what was read, what was known, and what became of it. */
export function branchDescription(branch: BranchReport, gold: string | undefined): string {
  const parts = [comparison(branch, gold), fate(branch), branch.hinted ? 'hinted' : '', branch.edited ? 'edited' : ''].filter(part => part !== '');
  return parts.length === 0 ? 'not settled' : parts.join(' · ');
}

function branchIcon(branch: BranchReport): Icon {
  const verdict = mainVerdict(branch);
  if (branch.kept) return { name: 'pass-filled', color: 'testing.iconPassed' };
  if (!verdict) return branch.loss ? { name: 'warning', color: 'problemsWarningIcon.foreground' } : { name: 'circle-large-outline' };
  switch (verdict.kind) {
    case 'correct': return { name: 'pass', color: 'testing.iconPassed' };
    case 'incorrect': return { name: 'error', color: 'testing.iconFailed' };
    case 'unreadable': return { name: 'question' };
    case 'unjudged': return { name: 'circle-large-outline' };
  }
}

/** The look of a branch. */
export function branchLook({ branch, gold }: BranchNode): Look {
  const title = shortened(branch.title, 60);
  const description = branchDescription(branch, gold);
  const verdict = mainVerdict(branch);
  const word = verdict ? verdict.kind : branch.loss ? 'lost' : 'not settled';
  return {
    label: title,
    description,
    icon: branchIcon(branch),
    tooltip: `${title} (round ${branch.round}${branch.hinted ? ', shown the answer as a hint' : ''})\n${word}: ${description}`,
    spoken: `Branch ${title}, ${word}, ${description}`,
    fold: 'closed',
    tokens: ['branch'],
  };
}

const outputWords: Readonly<Record<Output, { readonly word: string; readonly icon: string }>> = {
  adapted: { word: 'Adapted guideline', icon: 'lightbulb' },
  structure: { word: 'Structure', icon: 'list-ordered' },
  path: { word: 'Path', icon: 'arrow-right' },
  verdicts: { word: 'Verdicts', icon: 'law' },
};

/** The name of an output on screen. */
export const outputWord = (output: Output): string => outputWords[output].word;

/** Stage whose answer stands behind an output. */
export const stageOf = (output: Output): 'adapt' | 'structure' | 'path' | 'judge' => ({ adapted: 'adapt', structure: 'structure', path: 'path', verdicts: 'judge' } as const)[output];

function outputDescription(branch: BranchReport, output: Output): string {
  switch (output) {
    case 'adapted': return '';
    case 'structure': return branch.structure ? counted(branch.structure.steps.length, 'step') : '';
    case 'path': {
      const tokens = branch.answers.findLast(answer => answer.stage === 'path')?.usage?.outputTokens;
      return tokens === undefined ? '' : counted(tokens, 'token');
    }
    case 'verdicts': {
      const leak = branch.verdicts.some(verdict => verdict.checker === 'leak' && verdict.kind !== 'correct') ? ['leak'] : [];
      const main = mainVerdict(branch);
      return [...(main ? [main.kind] : branch.loss ? [codeWords(branch.loss.reason)] : []), ...leak].join(' · ');
    }
  }
}

/** The look of something that a stage gave. */
export function outputLook({ parent: { branch }, output }: OutputNode): Look {
  const { word, icon } = outputWords[output];
  const description = outputDescription(branch, output);
  const asked = branch.answers.some(answer => answer.stage === stageOf(output));
  return {
    label: word,
    ...(description === '' ? {} : { description }),
    icon: { name: icon },
    tooltip: `${word} of ${branch.title}${description === '' ? '' : `: ${description}`}`,
    spoken: `${word}${description === '' ? '' : `, ${description}`}`,
    fold: 'none',
    tokens: ['output', ...(asked ? ['asked'] : [])],
    command: 'regenesis.output.show',
  };
}
