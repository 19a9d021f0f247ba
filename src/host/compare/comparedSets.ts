import * as z from 'zod/mini';
import type { CompareReport } from '../../contract/compare.ts';
import type { Project } from '../projects/project.ts';
import type { Workbench } from '../workbench.ts';

type Memory = Workbench['memory'];

const keyOf = (file: string): string => `compare:${file}`;

/** Manifests that somebody has put beside those of a project. */
export function addedManifests(memory: Memory, file: string): readonly string[] {
  const read = z.safeParse(z.array(z.string()), memory.get(keyOf(file)));
  return read.success ? read.data : [];
}

/** Keeps them for the workspace. */
export const keepManifests = (memory: Memory, file: string, manifests: readonly string[]): Thenable<void> => memory.update(keyOf(file), [...manifests]);

/** The training sets of a project, and those that somebody has put beside them. */
export const comparedSets = (project: Pick<Project, 'path' | 'call'>, memory: Memory): Promise<CompareReport> =>
  project.call('compareDatasets', { more: [...addedManifests(memory, project.path)] });
