/** What a plain draw is called, by its number from 1, as *Draw 7*; undefined for a branch that is none. @param id of a branch, see `BranchId` */
export function drawTitle(id: string): string | undefined {
  const index = /^drawn:(\d+)/.exec(id)?.[1];
  return index === undefined ? undefined : `Draw ${Number(index) + 1}`;
}

/** What a branch is called: by the guidelines that it follows, else as a draw, and by its id while its guidelines are not chosen. */
export const branchTitle = (id: string, guidelineTitles: readonly string[]): string => guidelineTitles.join(' + ') || (drawTitle(id) ?? id);
