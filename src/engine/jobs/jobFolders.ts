import { baseName } from '../paths.ts';

/** Folder beside a project in which the files of its jobs lie. */
export const jobsFolder = (project: string): string => `${project.replace(/\.regenesis$/, '')}.jobs`;

/** Where a job is prepared, before it is known what it is. */
export const preparingFolder = (project: string): string => `${jobsFolder(project)}/.preparing`;

/** A job's own folder on this machine. Twelve digits of a hash tell all jobs of a project apart. */
export const jobFolder = (project: string, key: string): string => `${jobsFolder(project)}/${key.slice(0, 12)}`;

/** The log of a job, as far as it was read. */
export const logFile = (project: string, key: string): string => `${jobFolder(project, key)}/log.txt`;

/** What lists of the target call a job. */
export const jobTitle = (project: string): string => baseName(project).replace(/\.regenesis$/, '').replaceAll(/[^A-Za-z0-9-]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'regenesis';
