// What a node looks like: words, icon, and what a screen reader says. State is told by icon and word, never by colour alone. Knows nothing of the editor.
import { counted, thousands, visible } from '../../client/words.ts';
import type { StatusReport } from '../../contract/reports.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Icon, Look } from '../look.ts';
import { isolated, oneLine, sentence, shortened } from '../words.ts';
import { branchLook, outputLook } from './branchLook.ts';
import { groupingWords, stateGroups, type StateGroup } from './grouping.ts';
import type { FilterNode, GroupNode, MoreNode, NoteNode, TaskNode, TreeNode } from './node.ts';

/** What is known of a project at the moment. */
export interface ProjectFacts {
  readonly name: string;
  readonly path: string;
  readonly state: 'opening' | 'open' | 'failed';
  readonly status: StatusReport | undefined;
  readonly problem: Problem | undefined;
  readonly running: boolean;
}

/** Characters of a question before `3 kept` is pushed out of a side bar of 260 pixels. */
const labelBesideCount = 16;
/** The same where `12 tasks` follows. */
const labelBesideFilter = 22;
/** Where nothing follows, a label may be as long as a wide side bar. */
const labelAlone = 100;

const stateWords: Readonly<Record<StateGroup, { readonly word: string; readonly icon: Icon; readonly meaning: string }>> = {
  'needs-review': { word: 'Needs review', icon: { name: 'eye', color: 'problemsInfoIcon.foreground' }, meaning: 'A person has to decide.' },
  'solved': { word: 'Solved', icon: { name: 'pass', color: 'testing.iconPassed' }, meaning: 'At least one path is kept.' },
  'unsolved': { word: 'Unsolved', icon: { name: 'circle-slash' }, meaning: 'Paths were readable, and none is kept.' },
  'all-unreadable': { word: 'All unreadable', icon: { name: 'question' }, meaning: 'No answer could be read in any path.' },
  'running': { word: 'Running', icon: { name: 'sync' }, meaning: 'The run works on these.' },
  'not-started': { word: 'Not started', icon: { name: 'circle-large-outline' }, meaning: 'No run has come to these yet.' },
  'failed': { word: 'Failed', icon: { name: 'warning', color: 'problemsWarningIcon.foreground' }, meaning: 'Calls failed for good; the reasons stand at their branches.' },
  'held-out': { word: 'Held out', icon: { name: 'lock' }, meaning: 'Kept for evaluation; never used to make training data.' },
};

/** The look of any node. */
export function lookOf(node: TreeNode, project: ProjectFacts): Look {
  switch (node.kind) {
    case 'project': return projectLook(project);
    case 'note': return noteLook(node, project);
    case 'filter': return filterLook(node, project);
    case 'group': return groupLook(node);
    case 'task': return taskLook(node);
    case 'more': return moreLook(node);
    case 'branch': return branchLook(node);
    case 'output': return outputLook(node);
  }
}

/** Whether anything in a project came from the demo server. */
export const isSimulated = (status: StatusReport | undefined): boolean => status !== undefined && (status.runs.some(run => run.simulated) || status.server?.simulated === true);

function projectLook(facts: ProjectFacts): Look {
  const { name, state, status } = facts;
  const tags = [...(isSimulated(status) ? ['simulation'] : []), ...(facts.running ? ['running'] : [])];
  const count = state === 'opening' ? 'opening…' : state === 'failed' ? 'cannot be used' : counted(status?.tasks.total ?? 0, 'task');
  return {
    label: name,
    description: [count, ...tags].join(' · '),
    icon: state === 'failed' ? { name: 'warning', color: 'problemsWarningIcon.foreground' } : { name: 'database' },
    tooltip: projectTooltip(facts),
    spoken: `Project ${name}, ${[count, ...tags].join(', ')}`,
    fold: 'open',
    tokens: ['project', state, ...(facts.running ? ['running'] : [])],
  };
}

function projectTooltip({ path, status, problem }: ProjectFacts): string {
  if (problem) return `${path}\n${sentence(problem.message)}`;
  if (!status) return path;
  const server = status.server === null ? 'No server set.' : `Server: ${oneLine(status.server.model)} at ${status.server.baseUrl}${status.server.simulated ? ' (simulation)' : ''}`;
  const held = status.tasks.heldOut > 0 ? `, ${thousands(status.tasks.heldOut)} held out` : '';
  return `${path}\n${counted(status.tasks.trainable, 'train task')}${held}\n${counted(status.kept, 'path')} kept, ${thousands(status.hinted)} of them hinted${leftWords(status)}\n${server}`;
}

/** What is left to review, where that is known. */
const leftWords = ({ unreviewed = 0 }: Pick<StatusReport, 'unreviewed'>): string => (unreviewed === 0 ? '' : `\n${counted(unreviewed, 'path')} that nobody has reviewed`);

function noteLook(node: NoteNode, { problem }: ProjectFacts): Look {
  const common = { fold: 'none', tokens: ['note'] } as const;
  switch (node.note) {
    case 'opening': return { ...common, label: 'Opening…', icon: { name: 'loading' }, tooltip: 'The project is being opened.', spoken: 'Opening the project' };
    case 'no-tasks': return {
      ...common, label: 'No tasks yet: Import Tasks…', icon: { name: 'cloud-download' }, tooltip: 'Import tasks from a data file.', spoken: 'No tasks yet. Import tasks', command: 'regenesis.tasks.import',
    };
    case 'no-match': return {
      ...common, label: 'No task matches the filter', description: 'click to show all', icon: { name: 'clear-all' }, tooltip: 'Show all tasks.', spoken: 'No task matches the filter. Show all tasks', command: 'regenesis.tasks.unfilter',
    };
    case 'failed': {
      const message = sentence(problem?.message ?? 'The project could not be opened.');
      return { ...common, label: shortened(message, 200), icon: { name: 'debug-restart' }, tooltip: `${message}\nClick to open it again.`, spoken: `${message} Reopen the project`, command: 'regenesis.project.reopen' };
    }
  }
}

function filterLook({ words, tasks }: FilterNode, { status }: ProjectFacts): Look {
  const count = `${thousands(tasks)} of ${counted(status?.tasks.total ?? 0, 'task')}`;
  return {
    label: shortened(words, labelBesideFilter), description: counted(tasks, 'task'), icon: { name: 'filter-filled' }, tooltip: `Only these tasks are shown: ${words}\n${count}\nClick to change the filter; × shows all tasks.`,
    spoken: `Filter ${words}, ${count}`, fold: 'none', tokens: ['filter'], command: 'regenesis.tasks.filter',
  };
}

/** What stands for a group, and what it means. */
function groupWords({ by, key, title }: GroupNode): { readonly word: string; readonly icon: Icon; readonly meaning: string } {
  switch (by) {
    case 'state': {
      const state = stateGroups.find(each => each === key);
      return state === undefined ? { word: shortened(title, labelAlone), icon: { name: 'circle-large-outline' }, meaning: '' } : stateWords[state];
    }
    case 'dataset': return { word: shortened(title, labelAlone), icon: { name: 'library' }, meaning: 'A data set.' };
    case 'answerKind': return { word: shortened(title, labelAlone), icon: { name: 'symbol-numeric' }, meaning: 'The kind of the known answer.' };
    case 'difficulty': return { word: shortened(title, labelAlone), icon: { name: 'dashboard' }, meaning: groupingWords.difficulty.detail };
    case 'guideline': return { word: shortened(title, labelAlone), icon: { name: 'lightbulb' }, meaning: groupingWords.guideline.detail };
  }
}

function groupLook(node: GroupNode): Look {
  const { word, icon, meaning } = groupWords(node);
  const { tasks, expanded } = node;
  return {
    label: word, description: thousands(tasks), icon, tooltip: `${word}: ${counted(tasks, 'task')}. ${meaning}`.trimEnd(), spoken: `${word}, ${counted(tasks, 'task')}`,
    fold: expanded ? 'open' : 'closed', tokens: ['group', ...(node.key === 'held-out' ? [] : ['runnable'])],
  };
}

/** Whether paths were kept for another reason than a known answer, such as a vote: how many are correct is then not known. */
const isUngraded = ({ kept, correct }: TaskNode['row']): boolean => kept > 0 && correct === 0;

/** What became of a task, in a few characters; empty where nothing has. */
function taskDescription({ row }: TaskNode): string {
  if (row.branches === 0) return '';
  if (row.state === 'running') return 'running again';
  if (isUngraded(row)) return `${thousands(row.kept)} of ${thousands(row.branches)} kept${row.hinted ? ' · hinted' : ''}`;
  const share = `${thousands(row.correct)} of ${thousands(row.branches)} ✓`;
  return [...(row.kept > 0 ? [`${thousands(row.kept)} kept`] : []), share, ...(row.hinted ? ['hinted'] : [])].join(' · ');
}

function resultsOf(row: TaskNode['row']): string {
  const { kept, correct, branches, hinted } = row;
  const share = isUngraded(row) ? `${thousands(kept)} of ${counted(branches, 'path')} kept` : `${thousands(kept)} kept, ${thousands(correct)} of ${counted(branches, 'path')} correct`;
  return `${share}${hinted ? ', hinted' : ''}`;
}

function taskLook(node: TaskNode): Look {
  const { row } = node;
  const description = taskDescription(node);
  const question = oneLine(row.excerpt);
  const results = row.branches === 0 ? '' : resultsOf(row);
  return {
    label: isolated(shortened(question, description === '' ? labelAlone : labelBesideCount)),
    ...(description === '' ? {} : { description }),
    icon: { name: row.state === 'running' ? 'sync' : row.split === 'held-out' ? 'lock' : 'note' },
    tooltip: `${question}\n${row.id}${results === '' ? '' : `: ${results}`}`,
    spoken: `Task ${question}${results === '' ? '' : `, ${results}`}`,
    fold: row.branches > 0 || row.state === 'running' ? 'closed' : 'none',
    tokens: ['task', row.split === 'train' ? 'runnable' : 'heldOut'],
    command: 'regenesis.task.show',
  };
}

const moreLook = ({ left }: MoreNode): Look => ({
  label: `… ${thousands(left)} more`, tooltip: 'Show more tasks', spoken: `Show more of ${counted(left, 'further task')}`, fold: 'none', tokens: ['more'], command: 'regenesis.tasks.more',
});

/** The tooltip of a task once its whole text is known. */
export const taskTooltip = (question: string, gold: string | undefined, node: TaskNode): string =>
  `${visible(question.length > 4000 ? `${question.slice(0, 4000)}…` : question)}\n\nKnown answer: ${gold === undefined ? 'none' : shortened(gold, 200)}\n${node.row.id}`;
