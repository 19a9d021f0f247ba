// Evaluations as nodes of a tree, and whatever else names one. Knows nothing of the editor.

/** An evaluation, as commands are handed it. Anybody may make one. */
export interface EvaluationAddress {
  readonly kind: 'evaluation';
  /** Absolute path of the project file. */
  readonly project: string;
  readonly evaluation: number;
}

/** An evaluation in the view of data. */
export interface EvaluationNode extends EvaluationAddress {
  readonly id: string;
}

/** What names an evaluation to a command. */
export const evaluationAddress = (project: string, evaluation: number): EvaluationAddress => ({ kind: 'evaluation', project, evaluation });

/** The node of an evaluation. */
export const evaluationNode = (project: string, evaluation: number): EvaluationNode => ({ ...evaluationAddress(project, evaluation), id: `evaluation|${encodeURIComponent(project)}|${evaluation}` });

/** The evaluation that a command was called on; absent where it was called on none. Anybody may hand over anything. */
export function evaluationIn(target: unknown): EvaluationAddress | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const { kind, project, evaluation }: { readonly kind?: unknown; readonly project?: unknown; readonly evaluation?: unknown } = target;
  return kind === 'evaluation' && typeof project === 'string' && typeof evaluation === 'number' && Number.isInteger(evaluation) ? evaluationAddress(project, evaluation) : undefined;
}
