import * as z from 'zod/mini';
import { rounds } from '../core/model/stage.ts';

/** A whole number from 0. */
export const count = z.int().check(z.nonnegative());
/** Counts by name. */
export const counts = z.record(z.string(), count);
/** See `rounds`. */
export const round = z.literal(rounds);
