// The addresses of review documents. Knows nothing of the editor.
import * as z from 'zod/mini';
import { reviewAddressSchema, type ReviewAddress } from '../../contract/pages/review.ts';
import { parseJson } from '../../core/model/outside.ts';
import { reviewEnding, reviewScheme } from '../manifest.ts';
import { oneLine } from '../words.ts';

/** The parts of a review's address as the editor writes it. */
export interface ReviewUriParts {
  readonly scheme: typeof reviewScheme;
  readonly path: string;
  readonly query: string;
}

/** A stroke that separates no folders, for ids such as `gsm8k/17` in the title of a tab. */
const strokeInTitle = '\u2215';

/**
 * The parts of a review's address. All of it stands in the query, in letters that nobody writes in another way, so that it is the same after the window is loaded
 * again; the path is for people.
 *
 * @param folder the project file as the path of an address
 */
export function reviewUriParts(address: ReviewAddress, folder: string): ReviewUriParts {
  const name = oneLine(address.title).replaceAll(/[/\\]/g, strokeInTitle);
  return { scheme: reviewScheme, path: `${folder}/${name}.${reviewEnding}`, query: Buffer.from(JSON.stringify(address)).toString('base64url') };
}

/** Reads an address back; absent where it is none of ours, since anybody can write one. */
export function readReviewAddress(query: string): ReviewAddress | undefined {
  const address = z.safeParse(reviewAddressSchema, parseJson(Buffer.from(query, 'base64url').toString()));
  return address.success ? address.data : undefined;
}
