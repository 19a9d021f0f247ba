// What package.json contributes, as one typed table. A test compares the two in both directions.

/** A file that a menu of the explorer hands over; part of the editor's own address type. */
export interface FileArgument {
  readonly scheme: string;
  readonly fsPath: string;
}

/**
 * Where a command is offered. `anywhere`: in the palette. `tree`: only on items of the tree, since it needs one. `review`: in the palette while a review is open. `key`:
 * by a key of the review alone, since it means something only in the middle of a decision.
 */
export interface CommandSpec {
  /** In package.nls.json as `command.` and the rest of the id; buttons of messages bear it too. */
  readonly title: string;
  readonly offered: 'anywhere' | 'tree' | 'review' | 'key';
  /** A codicon; commands with one stand as an icon somewhere. */
  readonly icon?: string;
}

/** Every command. */
export const commands = {
  'regenesis.demo.try': { title: 'Try the Demo', offered: 'anywhere' },
  'regenesis.demo.start': { title: 'Start Demo Server', offered: 'anywhere', icon: 'debug-start' },
  'regenesis.demo.stop': { title: 'Stop Demo Server', offered: 'anywhere', icon: 'stop-circle' },
  'regenesis.project.open': { title: 'Open Project…', offered: 'anywhere', icon: 'folder-opened' },
  'regenesis.project.create': { title: 'New Project…', offered: 'anywhere', icon: 'new-file' },
  'regenesis.project.close': { title: 'Close Project', offered: 'anywhere' },
  'regenesis.project.reopen': { title: 'Reopen Project', offered: 'anywhere', icon: 'debug-restart' },
  'regenesis.engine.restart': { title: 'Restart Engine', offered: 'anywhere' },
  'regenesis.tasks.import': { title: 'Import Tasks…', offered: 'anywhere', icon: 'cloud-download' },
  'regenesis.import.clear': { title: 'Clear Import Problems', offered: 'anywhere' },
  'regenesis.tasks.refresh': { title: 'Refresh', offered: 'anywhere', icon: 'refresh' },
  'regenesis.tasks.show': { title: 'Show Tasks', offered: 'anywhere' },
  'regenesis.tasks.group': { title: 'Group By…', offered: 'anywhere', icon: 'list-tree' },
  'regenesis.tasks.filter': { title: 'Filter…', offered: 'anywhere', icon: 'filter' },
  'regenesis.tasks.unfilter': { title: 'Clear Filter', offered: 'anywhere', icon: 'clear-all' },
  'regenesis.contamination.find': { title: 'Find Contamination', offered: 'anywhere' },
  'regenesis.tasks.holdOut': { title: 'Move to Held-Out', offered: 'tree' },
  'regenesis.tasks.holdIn': { title: 'Move Back to Train', offered: 'anywhere' },
  'regenesis.tasks.leaveOut': { title: 'Leave Out of Export', offered: 'tree' },
  'regenesis.tasks.takeIn': { title: 'Take Into Export Again', offered: 'anywhere' },
  'regenesis.tasks.more': { title: 'Show More Tasks', offered: 'tree' },
  'regenesis.server.add': { title: 'Add Server…', offered: 'anywhere', icon: 'plug' },
  'regenesis.server.replica': { title: 'Add Replica…', offered: 'anywhere' },
  'regenesis.server.card': { title: 'Show Server Card', offered: 'anywhere', icon: 'open-preview' },
  'regenesis.server.test': { title: 'Test Server', offered: 'anywhere', icon: 'beaker' },
  'regenesis.server.assign': { title: 'Set As…', offered: 'anywhere' },
  'regenesis.server.remove': { title: 'Remove Server', offered: 'anywhere' },
  'regenesis.run.start': { title: 'Run Pipeline', offered: 'anywhere', icon: 'play' },
  'regenesis.run.resume': { title: 'Resume Run', offered: 'anywhere', icon: 'debug-continue' },
  'regenesis.run.cancel': { title: 'Cancel Run', offered: 'anywhere', icon: 'debug-stop' },
  'regenesis.run.show': { title: 'Show Run', offered: 'anywhere' },
  'regenesis.guidelines.choose': { title: 'Choose Guidelines', offered: 'anywhere' },
  'regenesis.guidelines.adapt': { title: 'Adapt Guidelines', offered: 'anywhere' },
  'regenesis.structures.build': { title: 'Build Structures', offered: 'anywhere' },
  'regenesis.paths.generate': { title: 'Generate Paths', offered: 'anywhere' },
  'regenesis.paths.verify': { title: 'Verify Paths', offered: 'anywhere' },
  'regenesis.paths.judge': { title: 'Judge Paths', offered: 'anywhere' },
  'regenesis.answers.vote': { title: 'Vote', offered: 'anywhere' },
  'regenesis.leaks.check': { title: 'Check for Leaks', offered: 'anywhere' },
  'regenesis.paths.clean': { title: 'Clean Paths', offered: 'anywhere' },
  'regenesis.tasks.hint': { title: 'Hint Unsolved Tasks', offered: 'anywhere' },
  'regenesis.paths.filter': { title: 'Filter Paths', offered: 'anywhere' },
  'regenesis.paths.select': { title: 'Select Paths', offered: 'anywhere' },
  'regenesis.dataset.export': { title: 'Export Dataset…', offered: 'anywhere', icon: 'export' },
  'regenesis.job.show': { title: 'Show Job', offered: 'anywhere', icon: 'graph-line' },
  'regenesis.job.cancel': { title: 'Cancel Job', offered: 'anywhere', icon: 'debug-stop' },
  'regenesis.job.retry': { title: 'Retry Job', offered: 'anywhere', icon: 'debug-restart' },
  'regenesis.job.log': { title: 'Open Log', offered: 'anywhere', icon: 'output' },
  'regenesis.job.files': { title: 'Open Files', offered: 'anywhere' },
  'regenesis.adapter.load': { title: 'Load Adapter on Server…', offered: 'anywhere', icon: 'plug' },
  'regenesis.dataset.fineTune': { title: 'Export and Fine-Tune…', offered: 'anywhere', icon: 'mortar-board' },
  'regenesis.job.start': { title: 'Fine-Tune…', offered: 'anywhere' },
  'regenesis.target.add': { title: 'Add Training Target…', offered: 'anywhere' },
  'regenesis.target.key': { title: 'Set Target Key…', offered: 'anywhere' },
  'regenesis.evaluation.start': { title: 'Evaluate Model…', offered: 'anywhere', icon: 'beaker' },
  'regenesis.evaluation.show': { title: 'Show Evaluation', offered: 'anywhere', icon: 'graph-scatter' },
  'regenesis.evaluation.continue': { title: 'Continue Evaluation', offered: 'anywhere', icon: 'debug-continue' },
  'regenesis.evaluation.cancel': { title: 'Cancel Evaluation', offered: 'anywhere', icon: 'debug-stop' },
  'regenesis.domain.set': { title: 'Set Domain…', offered: 'anywhere', icon: 'tag' },
  'regenesis.iteration.run': { title: 'Run Iteration…', offered: 'anywhere', icon: 'debug-restart' },
  'regenesis.iterations.show': { title: 'Show Iterations', offered: 'anywhere', icon: 'graph-line' },
  'regenesis.overview.show': { title: 'Show Overview', offered: 'anywhere', icon: 'dashboard' },
  'regenesis.audit.show': { title: 'Show Filter Audit', offered: 'anywhere', icon: 'law' },
  'regenesis.methods.compare': { title: 'Compare Methods', offered: 'anywhere', icon: 'table' },
  'regenesis.branch.step': { title: 'Step Through Branch', offered: 'anywhere', icon: 'debug-step-over' },
  'regenesis.branch.watch': { title: 'Watch Branch', offered: 'anywhere', icon: 'eye' },
  'regenesis.review.next': { title: 'Review Next', offered: 'anywhere', icon: 'checklist' },
  'regenesis.review.task': { title: 'Review Task', offered: 'tree' },
  'regenesis.review.group': { title: 'Review Group', offered: 'tree' },
  'regenesis.review.query': { title: 'Review…', offered: 'anywhere' },
  'regenesis.review.accept': { title: 'Accept Path', offered: 'review' },
  'regenesis.review.reject': { title: 'Reject Path', offered: 'review' },
  'regenesis.review.unsure': { title: 'Mark Path As Unsure', offered: 'review' },
  'regenesis.review.amend': { title: 'Amend Path', offered: 'review' },
  'regenesis.review.note': { title: 'Write Note', offered: 'review' },
  'regenesis.review.markStep': { title: 'Mark Bad Step', offered: 'review' },
  'regenesis.review.undo': { title: 'Undo Review', offered: 'review' },
  'regenesis.review.redo': { title: 'Redo Review', offered: 'review' },
  'regenesis.review.forward': { title: 'Next Path', offered: 'review' },
  'regenesis.review.back': { title: 'Previous Path', offered: 'review' },
  'regenesis.review.nextStep': { title: 'Next Step', offered: 'review' },
  'regenesis.review.nextDoubt': { title: 'Next Doubtful Step', offered: 'review' },
  'regenesis.review.previousDoubt': { title: 'Previous Doubtful Step', offered: 'review' },
  'regenesis.review.compare': { title: 'Compare Paths', offered: 'review' },
  'regenesis.review.diff': { title: 'Open Diff', offered: 'review' },
  'regenesis.review.keys': { title: 'Show Review Keys', offered: 'review' },
  'regenesis.review.reason1': { title: 'Reject for Leak', offered: 'key' },
  'regenesis.review.reason2': { title: 'Reject for Wrong Step', offered: 'key' },
  'regenesis.review.reason3': { title: 'Reject for Luck', offered: 'key' },
  'regenesis.review.reason4': { title: 'Reject for Skipped Steps', offered: 'key' },
  'regenesis.review.reason5': { title: 'Reject for Other Structure', offered: 'key' },
  'regenesis.review.reason6': { title: 'Reject for Unclear Words', offered: 'key' },
  'regenesis.review.reason7': { title: 'Reject for Repeats', offered: 'key' },
  'regenesis.review.reason8': { title: 'Reject for Wrong Known Answer', offered: 'key' },
  'regenesis.review.reason9': { title: 'Reject for Other Reason', offered: 'key' },
  'regenesis.review.confirm': { title: 'Reject Without Reason', offered: 'key' },
  'regenesis.review.save': { title: 'Save Amendment', offered: 'key' },
  'regenesis.review.acceptAll': { title: 'Accept All…', offered: 'review' },
  'regenesis.review.rejectAll': { title: 'Reject All…', offered: 'review' },
  'regenesis.review.topUp': { title: 'Top Up', offered: 'anywhere' },
  'regenesis.gold.correct': { title: 'Correct Known Answer…', offered: 'anywhere' },
  'regenesis.review.export': { title: 'Export Reviews…', offered: 'anywhere' },
  'regenesis.review.import': { title: 'Import Reviews…', offered: 'anywhere' },
  'regenesis.task.show': { title: 'Show Task', offered: 'tree', icon: 'open-preview' },
  'regenesis.output.show': { title: 'Show Output', offered: 'tree' },
  'regenesis.prompt.show': { title: 'Show Prompt', offered: 'tree', icon: 'comment-discussion' },
  'regenesis.answer.show': { title: 'Show Raw Answer', offered: 'tree', icon: 'output' },
  'regenesis.prompt.customize': { title: 'Customize Prompt…', offered: 'anywhere', icon: 'edit' },
  'regenesis.prompt.compare': { title: 'Compare with Shipped', offered: 'anywhere', icon: 'diff' },
  'regenesis.prompt.markSeen': { title: 'Mark Shipped Change As Seen', offered: 'anywhere' },
  'regenesis.prompt.revert': { title: 'Revert to Shipped', offered: 'anywhere' },
  'regenesis.prompt.showShipped': { title: 'Show Shipped Prompt…', offered: 'anywhere' },
  'regenesis.recipe.new': { title: 'New Recipe…', offered: 'anywhere' },
  'regenesis.prompt.preview': { title: 'Preview Prompt', offered: 'anywhere', icon: 'open-preview' },
  'regenesis.prompt.run': { title: 'Run Prompt on Task', offered: 'anywhere' },
  'regenesis.prompt.try': { title: 'Try on Sample…', offered: 'anywhere', icon: 'beaker' },
  'regenesis.log.show': { title: 'Show Log', offered: 'anywhere', icon: 'list-flat' },
  'regenesis.language.restart': { title: 'Restart Prompt Language Server', offered: 'anywhere' },
  'regenesis.walkthrough.show': { title: 'Get Started', offered: 'anywhere' },
} as const satisfies Readonly<Record<string, CommandSpec>>;
/** Id of a command. */
export type CommandId = keyof typeof commands;
/** Whether a text is the id of a command. */
export const isCommand = (id: string): id is CommandId => Object.hasOwn(commands, id);

/** What a command may be handed by the menu it stands in; always unchecked, since a key binding or another extension may hand it anything. */
export type CommandArguments = readonly [target?: unknown, selected?: unknown];

/** Ids of views. */
export const views = { tasks: 'regenesis.tasks', runs: 'regenesis.runs', servers: 'regenesis.servers', data: 'regenesis.data' } as const;

/** Ids of menus within menus. `stages` has a command for each part of the method that runs alone. */
export const submenus = { stages: 'regenesis.stages' } as const;

/** Ids of custom editors. */
export const customEditors = { project: 'regenesis.project', review: 'regenesis.review' } as const;

/** View types of the pages that stand in a tab of their own. */
export const pages = { audit: 'regenesis.audit', list: 'regenesis.list', serverCard: 'regenesis.serverCard', importTasks: 'regenesis.importTasks', step: 'regenesis.step', job: 'regenesis.job', evaluation: 'regenesis.evaluation', training: 'regenesis.training', promptPreview: 'regenesis.promptPreview', promptTrial: 'regenesis.promptTrial', compareMethods: 'regenesis.compareMethods', iterations: 'regenesis.iterations' } as const;
/** Name of such a page. */
export type PageId = keyof typeof pages;

/** Context keys that `when` clauses may ask, with what they can be. */
export interface ContextKeys {
  /** `none`: no project is open. `empty`: one, without tasks. `some`: there is something in the tree. */
  readonly 'regenesis.projects': 'none' | 'empty' | 'some';
  /** A run goes on in some project. */
  readonly 'regenesis.running': boolean;
  /** Fewer tasks are shown than there are. */
  readonly 'regenesis.filtered': boolean;
  /** What has been done in some project that is open: the walkthrough ticks its steps off by these. */
  readonly 'regenesis.has.server': boolean;
  readonly 'regenesis.has.project': boolean;
  readonly 'regenesis.has.tasks': boolean;
  readonly 'regenesis.has.run': boolean;
  /** A task, or what a stage gave, was looked at in this window. */
  readonly 'regenesis.has.look': boolean;
  /** A training set was written in this window. */
  readonly 'regenesis.has.export': boolean;
  /** A path was decided about in this window. */
  readonly 'regenesis.has.review': boolean;
  /** Keys are letters of a text in the review that is in front. */
  readonly 'regenesis.review.typing': boolean;
}
/** Names of the context keys. */
export const contextKeys = [
  'regenesis.projects', 'regenesis.running', 'regenesis.filtered', 'regenesis.has.server', 'regenesis.has.project', 'regenesis.has.tasks', 'regenesis.has.run', 'regenesis.has.look', 'regenesis.has.export',
  'regenesis.has.review', 'regenesis.review.typing',
] as const satisfies readonly (keyof ContextKeys)[];

/** The walkthrough, as the editor names it: extension and id. */
export const walkthrough = 'regenesis-workbench.regenesis#regenesis.start';

/** Every setting with its default, which is also in package.json. */
export const settings = {
  /** A Node to run the engine with; empty: the editor's own. */
  'regenesis.engine.nodePath': '',
  /** How long an engine outlives its last window while nothing runs. */
  'regenesis.engine.idleMinutes': 10,
  /** Requests in flight; 0: as many as the servers are found to hold. */
  'regenesis.run.maxConcurrent': 0,
  /** Under which name reviews are kept; empty: the name of the account on the machine. */
  'regenesis.review.reviewer': '',
  /** Where training happens, a `TrainingTarget` each; anybody may have written anything there. */
  'regenesis.training.targets': [],
} as const satisfies Readonly<Record<string, string | number | readonly unknown[]>>;
/** Key of a setting. */
export type SettingKey = keyof typeof settings;
/** The type that a setting has. */
export type SettingValue<Key extends SettingKey> = (typeof settings)[Key] extends number ? number : (typeof settings)[Key] extends string ? string : readonly unknown[];

/** The scheme of our read-only documents. */
export const documentScheme = 'regenesis';
/** Ending of those among them that show what a model wrote, without the dot. */
export const outputEnding = 'rgoutput';
/** Ids of the languages that the server of the prompt language serves: prompts with their partials, recipes, files of guidelines. */
export const promptLanguages = ['regenesis-prompt', 'regenesis-recipe', 'regenesis-guidelines'] as const;
/** The scheme of the documents that reviews stand in, and the ending of their names. */
export const reviewScheme = 'regenesis-review';
/** See `reviewScheme`. */
export const reviewEnding = 'review';
/** Endings of the files that can be imported, without the dot. */
export const importEndings = ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'parquet', 'xml'] as const;
/** Ending of a project file, without the dot. */
export const projectEnding = 'regenesis';
