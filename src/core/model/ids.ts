declare const brand: unique symbol;
type Branded<Name extends string, Base = string> = Base & { readonly [brand]: Name };

/** A task within a project: `DATASET/SOURCE-ID`, or `DATASET/` and a hash of the question with its occurrence number. Stable when other rows are inserted. */
export type TaskId = Branded<'TaskId'>;
/** What determined one model answer, as 64 lowercase hexadecimal digits (SHA-256). Same fingerprint, same answer, no second call. */
export type Fingerprint = Branded<'Fingerprint'>;
/**
 * One branch of a task: `guideline:ID`, `chosen:INDEX` (INDEX is the sample number of the choose stage, from 0) or `drawn:INDEX` (a plain draw, which follows nothing,
 * from 0), and of a fork of it that with `~NUMBER`, from 1.
 */
export type BranchId = Branded<'BranchId'>;
/** SHA-256 of a recipe with every prompt and guideline it names, hexadecimal. */
export type RecipeId = Branded<'RecipeId'>;
/** Number of a run within its project, from 1. */
export type RunId = Branded<'RunId', number>;
/** Number of an attempt within its project, from 1, in the order they were recorded. */
export type AttemptId = Branded<'AttemptId', number>;

/** Brands a string that is known to be a task id. */
export const taskId = (value: string): TaskId => value as TaskId;
/** Brands a string that is known to be a fingerprint. */
export const fingerprint = (value: string): Fingerprint => value as Fingerprint;
/** Brands a string that is known to be a branch id. */
export const branchId = (value: string): BranchId => value as BranchId;
/** Brands a string that is known to be a recipe id. */
export const recipeId = (value: string): RecipeId => value as RecipeId;
/** Brands a number that is known to be a run id. */
export const runId = (value: number): RunId => value as RunId;
/** Brands a number that is known to be an attempt id. */
export const attemptId = (value: number): AttemptId => value as AttemptId;

/** Text to 64 lowercase hexadecimal digits (SHA-256 of its UTF-8 bytes). The core is given one, since it does no IO and knows no platform. */
export type Hash = (text: string) => string;
