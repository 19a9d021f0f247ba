import type { CodeLens, Command } from 'vscode-languageserver-types';
import { evaluationPrompt, recipeNameOf } from '../core/model/promptFile.ts';
import type { Documents, PromptDocument } from './documents.ts';
import { stageOf } from './given.ts';
import { isOfProjects, type PromptWorkspace, type Staleness } from './workspace.ts';

/** What stands at the head of a file: what can be done with it, and what saving it would cost. */
export class CodeLenses {
  readonly #documents: Documents;
  readonly #workspace: Pick<PromptWorkspace, 'project'>;

  constructor(documents: Documents, workspace: Pick<PromptWorkspace, 'project'>) {
    this.#documents = documents;
    this.#workspace = workspace;
  }

  /** Each command about a file is handed its address. A file that no project can use has none: what is offered here would only say so. */
  async of(uri: string, signal: AbortSignal): Promise<readonly CodeLens[]> {
    const document = this.#documents.get(uri);
    if (!document || !isOfProjects(document)) return [];
    const staleness = await this.#staleness(uri, signal);
    const commands = [...doneWith(document), ...(staleness ? [staleWords(document, staleness)] : []), ...comparedWith(document)];
    const head = document.rangeOf({ start: 0, end: 0 });
    return commands.map(command => ({ range: head, command }));
  }

  async #staleness(uri: string, signal: AbortSignal): Promise<Staleness | undefined> {
    try {
      return await this.#workspace.project?.staleness(uri, signal);
    } catch {
      return undefined; // the commands are worth offering without it
    }
  }
}

function doneWith(document: PromptDocument): readonly Command[] {
  const { kind, path, uri } = document;
  if (kind === 'prompt') {
    const preview = { title: 'Preview with Task', command: 'regenesis.prompt.preview', arguments: [uri] };
    if (path === evaluationPrompt || stageOf(document) === 'evaluate') return [preview, { title: 'Evaluate Model…', command: 'regenesis.evaluation.start' }];
    return [
      preview,
      { title: 'Try on Sample…', command: 'regenesis.prompt.try', arguments: [uri] },
      ...(stageOf(document) ? [{ title: 'Run on This Task', command: 'regenesis.prompt.run', arguments: [uri] }] : []),
    ];
  }
  const recipe = kind === 'recipe' ? recipeNameOf(path) : undefined;
  return recipe === undefined ? [] : [{ title: 'Run Pipeline', command: 'regenesis.prompt.run', arguments: [uri] }];
}

/** Only a prompt has a preview in which the change can be seen; elsewhere the words do nothing. */
function staleWords({ kind, uri }: PromptDocument, { answers, byStage, calls }: Staleness): Command {
  const title = answers === 0 ? 'No answer becomes stale' : `${grouped(answers)} ${answers === 1 ? 'answer' : 'answers'} would become stale`;
  const tooltip = answers === 0 ? undefined : `${byStage.map(each => `${each.stage}: ${grouped(each.answers)}`).join(', ')}. Asking them anew takes ${grouped(calls)} ${calls === 1 ? 'call' : 'calls'}.`;
  return { title, command: kind === 'prompt' ? 'regenesis.prompt.preview' : '', ...(kind === 'prompt' ? { arguments: [uri] } : {}), ...(tooltip === undefined ? {} : { tooltip }) };
}

const comparedWith = ({ folder, path, uri }: PromptDocument): readonly Command[] =>
  (folder.hidesShipped?.(path) === true ? [{ title: 'Compare with Shipped', command: 'regenesis.prompt.compare', arguments: [uri] }] : []);

/** With thousands commas, as everywhere. */
const grouped = (count: number): string => count.toLocaleString('en-US');
