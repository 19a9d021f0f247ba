import * as vscode from 'vscode';
import type { ReviewAddress } from '../../contract/pages/review.ts';
import { customEditors } from '../manifest.ts';
import { reviewUriParts } from './reviewUri.ts';

/** The document of a review. */
export const reviewUri = (address: ReviewAddress): vscode.Uri => vscode.Uri.from(reviewUriParts(address, vscode.Uri.file(address.project).path));

/** Brings the review of a queue to the front; makes it where there is none. */
export const showReview = (address: ReviewAddress): Thenable<unknown> => vscode.commands.executeCommand('vscode.openWith', reviewUri(address), customEditors.review);
